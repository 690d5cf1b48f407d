import { maskSecrets, type Text } from '#access-log';

/** A path that is shown has no more characters. */
const MOST_PATH_CHARACTERS = 200;
/** So much is looked at: behind that nothing is left to be masked of what is shown, unless a secret is longer. */
const MOST_BYTES_READ = 1024;
/** Masking takes longer than all else, and those who repeat a request repeat its path. */
const MOST_REMEMBERED = 1000;
/** What any secret has in it or before it that can be told from other text. Most paths have nothing of it. */
export const MAY_HOLD_SECRET = /[^\w/.~-]|eyJ|AKIA|ASIA/;

/** Paths as people may see them: without their secrets, and cut short. */
export class MaskedPaths {
  private readonly known = new Map<number, string>();

  /** @param hash the same only for the same path */
  of({ bytes, start, end }: Text, hash: number): string {
    const known = this.known.get(hash);
    if (known !== undefined) return known;
    const length = Math.min(end - start, MOST_BYTES_READ);
    const read = Buffer.from(bytes.buffer, bytes.byteOffset + start, length).toString();
    const path = (MAY_HOLD_SECRET.test(read) ? maskSecrets(read) : read).slice(0, MOST_PATH_CHARACTERS);
    if (this.known.size >= MOST_REMEMBERED) this.known.clear();
    this.known.set(hash, path);
    return path;
  }
}
