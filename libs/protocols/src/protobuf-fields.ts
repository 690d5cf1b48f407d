import protobuf from 'protobufjs/minimal.js';
import { Malformed } from './malformed.js';

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;

/** What stands before a field of a message: its number and how its value is written. A field of another kind is skipped. */
const tag =
  (wireType: number) =>
  (field: number): number =>
    (field << 3) | wireType;
/** Texts, bytes and messages. */
export const bytesField = tag(BYTES);
export const varintField = tag(VARINT);
export const fixed64Field = tag(FIXED64);

const WORD = 2n ** 32n;
const NS_OF_HIGH_WORD_IN_MS = 2 ** 32 / 1e6;

/**
 * Walks over the fields of one protobuf message, so that of a request only what is wanted is looked at, and nothing is
 * built of the rest. Go to a field with {@link next}, take its value or leave it.
 */
export class ProtobufFields {
  /** Of the field that {@link next} went to. */
  tag = 0;
  private readonly reader: protobuf.Reader;
  private isTaken = true;

  /** @param what the message is, for who reads that it is malformed */
  constructor(
    message: Uint8Array,
    private readonly what: string,
  ) {
    this.reader = protobuf.Reader.create(message);
  }

  /** @returns false at the end of the message. @throws Malformed */
  next(): boolean {
    const { reader } = this;
    try {
      if (!this.isTaken) reader.skipType(this.tag & 7, 0, this.tag >>> 3);
      if (reader.pos >= reader.len) return false;
      this.tag = reader.tag();
    } catch (error) {
      throw this.malformed(error);
    }
    this.isTaken = false;
    return true;
  }

  /** The value of a bytes field: a view. @throws Malformed */
  bytes(): Uint8Array {
    return this.take((reader) => reader.bytes());
  }

  /** The decimal digits of a varint that is an int64. @throws Malformed */
  int64(): string {
    return this.take((reader) => {
      const value = reader.int64();
      if (typeof value === 'number') return String(value);
      return String(BigInt(value.high) * WORD + BigInt(value.low >>> 0));
    });
  }

  /** @throws Malformed */
  bool(): boolean {
    return this.take((reader) => reader.bool());
  }

  /** @throws Malformed */
  double(): number {
    return this.take((reader) => reader.double());
  }

  /** A fixed64 that counts nanoseconds since 1970, in milliseconds. @throws Malformed */
  epochNanos(): number {
    return this.take((reader) => {
      const low = reader.fixed32();
      return reader.fixed32() * NS_OF_HIGH_WORD_IN_MS + low / 1e6;
    });
  }

  private take<Value>(read: (reader: protobuf.Reader) => Value): Value {
    this.isTaken = true;
    try {
      return read(this.reader);
    } catch (error) {
      throw this.malformed(error);
    }
  }

  private malformed(error: unknown): Malformed {
    return new Malformed(`The ${this.what} ends too early or is no protobuf: ${(error as Error).message}.`);
  }
}
