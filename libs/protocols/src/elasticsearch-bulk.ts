import { createHash } from 'node:crypto';
import { JsonMembers, isJsonBlank } from './json-members.js';

const LF = 0x0a;
const OPEN_BRACE = 0x7b;
/** Of a line that says what is to be done; an index has 255 bytes at most, an id 512. */
const LONGEST_ACTION = 8 * 1024;

const ACTIONS = ['index', 'create', 'update', 'delete'] as const;

/** What is to be done with one document, as the line before it says. */
export interface BulkAction {
  readonly name: (typeof ACTIONS)[number];
  /** Its own, else that of the path. */
  readonly index: string | undefined;
  readonly id: string | undefined;
}

/** A body that is no bulk request from one of its lines on, so that nobody can tell what belongs together. */
export class MalformedBulk extends Error {
  constructor(line: number, problem: string) {
    super(`Malformed action/metadata line [${line}], ${problem}`);
    this.name = 'MalformedBulk';
  }
}

/** @param event the document, as the bytes it came in; undefined where nothing is to be stored */
type OnAction = (action: BulkAction, event: Uint8Array | undefined) => void;

/**
 * Reads the body of `_bulk`: a line that says what to do, and, but for `delete`, the document in the next one.
 * Documents are not read: one that is no JSON is an event all the same, which will be rejected alone. Of an update it
 * is the object in `doc`, or that in `upsert`.
 * @param index of the path
 * @returns a key that the same request gives again if every action names the id of its document
 * @throws MalformedBulk
 */
export function readBulk(body: Buffer, index: string | undefined, take: OnAction): string | undefined {
  const lines = new Lines(body);
  const actions = new ActionLines(index);
  const key = new BulkKey();
  while (lines.next()) {
    if (lines.isBlank) continue;
    const action = actions.read(lines);
    key.add(action);
    if (action.name === 'delete') {
      take(action, undefined);
      continue;
    }
    if (!lines.next()) throw new MalformedBulk(lines.number, 'its document is missing');
    take(action, action.name === 'update' ? documentOfUpdate(lines) : lines.trimmed);
  }
  return key.text;
}

/** Goes through the lines of a body; the last one needs no line feed. */
class Lines {
  private start = 0;
  private end = -1;
  number = 0;

  constructor(readonly body: Buffer) {}

  /** @returns whether there is another line */
  next(): boolean {
    this.start = this.end + 1;
    if (this.start >= this.body.length) return false;
    const at = this.body.indexOf(LF, this.start);
    this.end = at < 0 ? this.body.length : at;
    this.number++;
    return true;
  }

  get length(): number {
    return this.end - this.start;
  }

  get isBlank(): boolean {
    return this.first === this.end;
  }

  /** The line without the blanks before it. */
  get trimmed(): Buffer {
    return this.body.subarray(this.first, this.end);
  }

  equals(bytes: Buffer): boolean {
    return (
      this.length === bytes.length && this.body.compare(bytes, 0, bytes.length, this.start, this.end) === 0
    );
  }

  get bytes(): Buffer {
    return this.body.subarray(this.start, this.end);
  }

  private get first(): number {
    let at = this.start;
    while (at < this.end && isJsonBlank(this.body[at])) at++;
    return at;
  }
}

/** Reads the lines of actions. Most are the same as the one before, and are not read again. */
class ActionLines {
  private last: Buffer = Buffer.alloc(0);
  private action: BulkAction | undefined;

  constructor(private readonly index: string | undefined) {}

  read(line: Lines): BulkAction {
    if (this.action && line.equals(this.last)) return this.action;
    this.action = readAction(line, this.index);
    this.last = line.bytes;
    return this.action;
  }
}

function readAction(line: Lines, index: string | undefined): BulkAction {
  const problem = (text: string) => new MalformedBulk(line.number, text);
  if (line.length > LONGEST_ACTION) throw problem(`it is longer than ${LONGEST_ACTION} bytes`);
  const entries = Object.entries<unknown>(parsedObject(line.bytes) ?? {});
  if (entries.length !== 1) throw problem('expected an object with one action');
  const [written, metadata] = entries[0]!;
  const name = ACTIONS.find((known) => known === written);
  if (name === undefined) throw problem(`expected one of [${ACTIONS.join('], [')}]`);
  if (!isObject(metadata)) throw problem(`expected an object behind [${name}]`);
  return { name, index: text(metadata._index) ?? index, id: text(metadata._id) };
}

function parsedObject(bytes: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString());
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const text = (value: unknown): string | undefined =>
  typeof value === 'number' || (typeof value === 'string' && value !== '') ? String(value) : undefined;

const UPDATE = new JsonMembers(['doc', 'upsert']);

function documentOfUpdate(line: Lines): Buffer | undefined {
  const update = line.trimmed;
  UPDATE.read(update, 0, update.length);
  for (const place of [0, 1]) {
    const document = UPDATE.has(place) ? update.subarray(UPDATE.start(place), UPDATE.end(place)) : undefined;
    if (document?.[0] === OPEN_BRACE) return document;
  }
  return undefined;
}

/** A hash of the ids, in their order. Without an id of its own, a document that comes again is not told from another. */
class BulkKey {
  /** Undefined once an action has no id. */
  private ids: (string | undefined)[] | undefined = [];

  add({ name, index, id }: BulkAction): void {
    if (id === undefined) this.ids = undefined;
    else this.ids?.push(name, index, id);
  }

  get text(): string | undefined {
    if (this.ids === undefined || this.ids.length === 0) return undefined;
    return createHash('sha256').update(JSON.stringify(this.ids)).digest('hex');
  }
}
