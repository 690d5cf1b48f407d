/** Senders can make things up without end. */
const MOST = 100;

/** What has been told in the log, so that each is told once, and no more than a log should hold. */
export class ToldOnce {
  private readonly told = new Set<string>();

  /** Whether a text is to be told now: it was not before, and there were not too many. */
  isNew(text: string): boolean {
    if (this.told.has(text) || this.told.size >= MOST) return false;
    this.told.add(text);
    return true;
  }
}
