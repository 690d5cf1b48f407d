import { Malformed } from './malformed.js';

/** A sender of more records that nobody can read is broken, not unlucky; and each costs more than one that is read. */
const MOST = 1000;

/** Records of a request that cannot be read, and are refused for good while their neighbours are stored. */
export class Poison {
  private refused = 0;
  private firstReason = '';

  get records(): number {
    return this.refused;
  }

  /** Why the first one was refused; empty if none was. */
  get reason(): string {
    return this.firstReason;
  }

  /** @throws Malformed when there are too many to go on */
  add(reason: string): void {
    if (this.refused++ === 0) this.firstReason = reason;
    if (this.refused > MOST) throw new Malformed(`More than ${MOST} log records cannot be read: ${reason}`);
  }
}
