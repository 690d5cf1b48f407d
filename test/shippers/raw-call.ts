import { connect, constants, type ClientHttp2Session, type IncomingHttpHeaders } from 'node:http2';
import { once } from 'node:events';
import { readStatus } from './messages.js';

const EXPORT = '/opentelemetry.proto.collector.logs.v1.LogsService/Export';

/** What came back for a call, frame by frame. */
export interface RawEnd {
  /** Whether the status came with the headers, and nothing after them. */
  readonly isTrailersOnly: boolean;
  readonly code: number;
  readonly message: string;
  readonly retryAfter: number | undefined;
}

/** One message as it stands in the body of a call. */
export function framed(message: Uint8Array, isCompressed = false): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt8(Number(isCompressed), 0);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** A call of gRPC without a library, which can be wrong, slow, or in an encoding that no library here has. */
export class RawCall {
  readonly end: Promise<RawEnd>;
  private readonly session: ClientHttp2Session;
  private readonly stream: ReturnType<ClientHttp2Session['request']>;

  constructor(port: number, headers: Record<string, string> = {}, path = EXPORT) {
    this.session = connect(`http://127.0.0.1:${port}`);
    this.session.on('error', () => {}); // the call hears of it, too
    this.stream = this.session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
      ...headers,
    });
    this.end = this.ended();
  }

  write(bytes: Uint8Array): this {
    this.stream.write(bytes);
    return this;
  }

  /** Resolves when the server has read what was written so far: it answers pings in their turn. */
  async reached(): Promise<void> {
    if (this.session.connecting) await once(this.session, 'connect');
    await new Promise<void>((resolve, reject) => {
      this.session.ping((error) => (error ? reject(error) : resolve()));
    });
  }

  /** Resolves when the server has said that it takes no more calls. */
  async told(): Promise<void> {
    await once(this.session, 'goaway');
  }

  /** Writes the last bytes. @returns what came back */
  finish(bytes: Uint8Array = new Uint8Array(0)): Promise<RawEnd> {
    this.stream.end(bytes);
    return this.end;
  }

  private async ended(): Promise<RawEnd> {
    let trailers: IncomingHttpHeaders | undefined;
    this.stream.on('trailers', (last: IncomingHttpHeaders) => (trailers = last));
    const cut = once(this.stream, 'close').then(() => {
      throw new Error(`the call was cut with code ${this.stream.rstCode}`);
    });
    const answered = once(this.stream, 'response') as Promise<[IncomingHttpHeaders, number]>;
    const [headers, flags] = await Promise.race([answered, cut]);
    cut.catch(() => {}); // it ends in order
    if (!this.stream.closed) await once(this.stream.resume(), 'close');
    this.session.close();
    const last = trailers ?? headers;
    const details = last['grpc-status-details-bin'];
    return {
      isTrailersOnly: (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0,
      code: Number(last['grpc-status']),
      message: decodeURIComponent(String(last['grpc-message'] ?? '')),
      retryAfter:
        typeof details === 'string' ? readStatus(Buffer.from(details, 'base64')).retryAfter : undefined,
    };
  }
}
