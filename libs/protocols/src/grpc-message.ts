import { Malformed } from './malformed.js';

const PREFIX_BYTES = 5;

/** The one message of a request that is no stream of them. */
export interface GrpcMessage {
  /** Whether it is compressed as `grpc-encoding` says. */
  readonly isCompressed: boolean;
  readonly bytes: Buffer;
}

/**
 * Takes the message out of the body of a gRPC request: a flag, four bytes of length, the message.
 * https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 * @throws Malformed unless it is exactly one
 */
export function grpcMessage(body: Buffer): GrpcMessage {
  if (body.length < PREFIX_BYTES) throw new Malformed('The call has no message.');
  const flag = body.readUInt8(0);
  const length = body.readUInt32BE(1);
  if (flag > 1 || length !== body.length - PREFIX_BYTES)
    throw new Malformed('The call has a message that is cut, or more than one.');
  return { isCompressed: flag === 1, bytes: body.subarray(PREFIX_BYTES) };
}

/** A message as it stands in the body of an answer, not compressed. */
export function grpcBody(message: Uint8Array): Buffer {
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** A text as the header `grpc-message` takes it: printable ASCII, all else percent-encoded. */
export const grpcText = (text: string): string =>
  [...Buffer.from(text)].map((byte) => (isPlain(byte) ? String.fromCharCode(byte) : encoded(byte))).join('');

const PERCENT = 0x25;
const isPlain = (byte: number): boolean => byte >= 0x20 && byte <= 0x7e && byte !== PERCENT;
const encoded = (byte: number): string => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
