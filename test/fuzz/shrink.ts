const MOST_TRIES = 4000;
/** What a byte is replaced by where it does not matter. */
const PLAIN = 0x61;

/**
 * The smallest input that still fails, as far as it can be found by taking pieces out and making bytes plain.
 * @param mostMs it ends after so long with what it has
 */
export async function shrink(
  input: Buffer,
  mostMs: number,
  fails: (input: Buffer) => Promise<boolean>,
): Promise<Buffer> {
  const deadline = performance.now() + mostMs;
  let tries = 0;
  const isStill = async (candidate: Buffer): Promise<boolean> =>
    tries++ < MOST_TRIES && performance.now() < deadline && (await fails(candidate));
  let smallest = input;
  for (let size = Math.ceil(input.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let at = 0; at < smallest.length;) {
      const without = Buffer.concat([smallest.subarray(0, at), smallest.subarray(at + size)]);
      if (await isStill(without)) smallest = without;
      else at += size;
    }
  for (let at = 0; at < smallest.length; at++) {
    if (smallest[at] === PLAIN) continue;
    const plainer = Buffer.from(smallest);
    plainer[at] = PLAIN;
    if (await isStill(plainer)) smallest = plainer;
  }
  return smallest;
}

const MOST_SHOWN = 2000;

/** An expression that gives these bytes, ready to paste into a spec. */
export function literal(bytes: Buffer): string {
  if (bytes.length > MOST_SHOWN) return `Buffer.from('${bytes.toString('base64')}', 'base64')`;
  const text = bytes.toString('latin1').replace(/[^ -~]|['\\]/g, escaped);
  return `Buffer.from('${text}', 'latin1')`;
}

function escaped(one: string): string {
  if (one === "'" || one === '\\') return `\\${one}`;
  return one === '\n' ? '\\n' : `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
