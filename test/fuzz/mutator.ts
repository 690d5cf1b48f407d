/** Bytes that mean something in one of the grammars, and words at the bounds of what readers expect. */
const MARKS = [...'"\'\\[]{}()<>:,;=-+&?/%#*|@ \t\r\n\0.'].map((mark) => Buffer.from(mark));
const NUMBERS = [
  ...[
    '0',
    '-0',
    '-1',
    '000',
    '007',
    '1e309',
    '-1e309',
    'NaN',
    'Infinity',
    '0x1F',
    '1_000',
    '.5',
    '5.',
    '1e-400',
  ],
  ...['99', '100', '599', '600', '65535', '65536', '2147483647', '2147483648', '-2147483649', '4294967296'],
  ...['9007199254740991', '9007199254740993', '9223372036854775807', '9223372036854775808', '1e21'],
  '9'.repeat(400),
];
const TEXTS = [
  ...[
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'null',
    'true',
    'false',
    'undefined',
    '""',
    '{}',
  ],
  ...[
    '[]',
    '\\"',
    '\\\\',
    '\\u0000',
    '\\ud800',
    '\\udc00',
    '\\ud83d\\ude00',
    '\\x22',
    '\\x0',
    '#{22}',
    '%00',
    '%2f',
  ],
  ...[
    '\r\n',
    '\n\n',
    '://',
    '..',
    '../',
    '***',
    '- -',
    '" "',
    '","',
    '":"',
    ': ',
    '\n  ',
    '\n- ',
    '$(x)',
    '\x1b[2J',
  ],
  ...['1970-01-01T00:00:00Z', '9999-12-31T23:59:60Z', '[32/Foo/0000:25:61:61 +9999]', '-62135596800'],
];
/** Whole values of JSON and YAML. */
const VALUES = [
  ...[
    'null',
    'true',
    'false',
    '0',
    '-1',
    '1e309',
    '503',
    '"503"',
    '""',
    '"x"',
    '[]',
    '{}',
    '[503]',
    '{"a":1}',
    '~',
  ],
  ...[
    '9007199254740993',
    '0.1e-7',
    '"\\u0000"',
    '"\\ud800"',
    '-',
    '"-"',
    "'x'",
    '*a',
    '&a b',
    '!!binary a',
    '|',
    '>-',
  ],
];
/** Text that is no text, and characters that nobody sees. */
const UNICODE = [
  ...['\u2028', '\u2029', '\ufeff', '\u202e', '\u200b', '\u0085', '\u00a0', 'é', '\u{1f600}', '\ufffd'].map(
    (one) => Buffer.from(one),
  ),
  ...['eda080', 'edb080', 'c080', 'e080af', 'f08080af', 'ff', 'fe', '80', 'f4908080', 'c3', 'efbb'].map(
    (hex) => Buffer.from(hex, 'hex'),
  ),
];
const WORDS = [...MARKS, ...[...NUMBERS, ...TEXTS].map((word) => Buffer.from(word)), ...UNICODE];

const LONG_RUN = 8 * 1024;
const DEEP = 100_000;
const MOST_CHANGES = 6;
const USUAL_LENGTH = 4 * 1024;
const NUMBER_BYTE = /[0-9.eE+-]/;

/** Makes inputs that are almost right, which get further than random bytes do. All of it follows from the random numbers. */
export class Mutator {
  private readonly words: readonly Buffer[];

  /**
   * @param random numbers from 0 to below 1
   * @param corpus what is mutated; @param strangers of which pieces are put in
   * @param longest no input is longer
   */
  constructor(
    private readonly random: () => number,
    private readonly corpus: readonly Buffer[],
    private readonly strangers: readonly Buffer[],
    words: readonly string[] = [],
    private readonly longest = Infinity,
  ) {
    const own = words.map((word) => Buffer.from(word));
    this.words = [...WORDS, ...own, ...own];
  }

  next(): Buffer {
    let input = this.pick(this.corpus);
    for (let changes = 1 + this.below(1 + this.below(MOST_CHANGES)); changes > 0; changes--)
      input = this.pick(this.chance(400) ? HUGE : CHANGES)(input, this);
    return input.length > this.longest ? input.subarray(0, this.longest) : input;
  }

  /** The input with a piece of it repeated until it is so long, once for each length. */
  grown<Lengths extends readonly number[]>(
    input: Buffer,
    lengths: Lengths,
  ): { [L in keyof Lengths]: Buffer } {
    const from = this.below(input.length);
    const seed = input.length === 0 ? MARKS[0]! : input.subarray(from, from + 1 + this.below(8));
    return lengths.map((length) => replaced(input, from, from, Buffer.alloc(length, seed))) as never;
  }

  below(end: number): number {
    return Math.floor(this.random() * end);
  }

  /** True once in so many times. */
  chance(times: number): boolean {
    return this.below(times) === 0;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  word(): Buffer {
    return this.pick(this.words);
  }

  stranger(): Buffer {
    return this.pick(this.chance(3) && this.strangers.length > 0 ? this.strangers : this.corpus);
  }
}

type Change = (input: Buffer, by: Mutator) => Buffer;

/** What stands in `[from, to)` gives way to other bytes. */
const replaced = (input: Buffer, from: number, to: number, by: Uint8Array): Buffer =>
  Buffer.concat([input.subarray(0, from), by, input.subarray(to)]);

function piece(input: Buffer, by: Mutator): Buffer {
  const from = by.below(input.length + 1);
  return input.subarray(from, from + by.below(Math.min(input.length - from, USUAL_LENGTH) + 1));
}

/** The start and end of a run of number characters, or of others, around a random place. */
function token(input: Buffer, by: Mutator): [from: number, to: number] {
  let from = by.below(input.length);
  let to = from;
  const isNumber = isNumberByte(input, from);
  while (from > 0 && isNumberByte(input, from - 1) === isNumber && to - from < 40) from--;
  while (to < input.length && isNumberByte(input, to) === isNumber && to - from < 80) to++;
  return [from, to];
}

const isNumberByte = (input: Buffer, at: number): boolean =>
  NUMBER_BYTE.test(String.fromCharCode(input[at] ?? 0));

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

const CHANGES: readonly Change[] = [
  function flipBit(input, by) {
    const flipped = Buffer.from(input);
    if (flipped.length > 0) flipped[by.below(flipped.length)]! ^= 1 << by.below(8);
    return flipped;
  },
  function anyByte(input, by) {
    const at = by.below(input.length + 1);
    return replaced(input, at, at + by.below(2), Uint8Array.of(by.below(256)));
  },
  function takeOut(input, by) {
    const at = by.below(input.length + 1);
    return replaced(input, at, at + by.below(by.chance(4) ? input.length : 8), Buffer.alloc(0));
  },
  function putWordIn(input, by) {
    const at = by.below(input.length + 1);
    return replaced(input, at, at, by.word());
  },
  function putWordFor(input, by) {
    return replaced(input, ...token(input, by), by.word());
  },
  function putNumberFor(input, by) {
    let from = by.below(input.length);
    while (from < input.length && !isDigit(input[from]!)) from++;
    let to = from;
    while (to < input.length && isNumberByte(input, to)) to++;
    return replaced(input, from, to, Buffer.from(by.pick(NUMBERS)));
  },
  function putTokenFor(input, by) {
    const other = by.stranger();
    return replaced(input, ...token(input, by), other.subarray(...token(other, by)));
  },
  function putTextInQuotes(input, by) {
    const from = input.indexOf(by.pick(['"', "'"]), by.below(input.length)) + 1;
    const to = from === 0 ? -1 : input.indexOf(input[from - 1]!, from);
    return to < 0 ? input : replaced(input, from, to, by.chance(2) ? by.word() : piece(by.stranger(), by));
  },
  function putValueFor(input, by) {
    const from = input.indexOf(by.pick([':', '=', ': ']), by.below(input.length)) + 1;
    let to = from;
    while (to < input.length && !',}]& \t\n'.includes(String.fromCharCode(input[to]!))) to++;
    return from === 0 ? input : replaced(input, from, to, Buffer.from(by.pick(VALUES)));
  },
  function repeatPiece(input, by) {
    if (input.length > 16 * USUAL_LENGTH) return input;
    const at = by.below(input.length + 1);
    return replaced(input, at, at, piece(input, by));
  },
  function splice(input, by) {
    const other = by.stranger();
    const cut = by.below(input.length + 1);
    return Buffer.concat([
      input.subarray(0, cut),
      piece(other, by),
      by.chance(2) ? input.subarray(cut) : Buffer.alloc(0),
    ]);
  },
  function endEarly(input, by) {
    return input.subarray(0, by.below(input.length + 1));
  },
  function sameKeyTwice(input, by) {
    const key = input.indexOf(by.pick(['":', '=', ':']), by.below(input.length));
    if (key < 0) return input;
    let from = key;
    while (from > 0 && key - from < 40 && !', \t\n{&'.includes(String.fromCharCode(input[from - 1]!))) from--;
    let to = key;
    while (to < input.length && to - key < 80 && !',\t\n}&'.includes(String.fromCharCode(input[to]!))) to++;
    return replaced(input, from, from, Buffer.concat([input.subarray(from, to), input.subarray(to, to + 1)]));
  },
];

const HUGE: readonly Change[] = [
  function runOfOneByte(input, by) {
    const at = by.below(input.length + 1);
    const byte = by.chance(2) ? by.pick(MARKS)[0]! : by.below(256);
    return replaced(input, at, at, Buffer.alloc(1 + by.below(LONG_RUN), byte));
  },
  function runOfWords(input, by) {
    const at = by.below(input.length + 1);
    return replaced(input, at, at, Buffer.alloc(1 + by.below(LONG_RUN), by.word()));
  },
  function deepNest(input, by) {
    const at = by.below(input.length + 1);
    const depth = by.chance(20) ? DEEP : by.below(300);
    const [open, close] = by.pick([
      ['[', ']'],
      ['{"a":', '}'],
      ['{', '}'],
      ['[{"a":', '}]'],
      ['(', ')'],
      ['- ', ''],
    ] as const);
    const closed = by.chance(2) ? close.repeat(depth) : '';
    return replaced(input, at, at, Buffer.from(open.repeat(depth) + closed));
  },
];
