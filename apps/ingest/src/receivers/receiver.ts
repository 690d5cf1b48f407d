import type { AddressInfo } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RefusalName } from '../refusal.js';
import type { Hold } from '../inflight.js';
import type { Connection } from './connection.js';

/** A request whose body is raw bytes, as they were sent. */
export type RawRequest = FastifyRequest & {
  /** The memory that it takes. */
  hold: Hold;
  /** Why it was refused; empty if it was not. */
  refusal: RefusalName | '';
  /** The sources it is counted for. */
  sources: readonly string[];
  /** As it was sent, in lower case; empty if there was none. */
  contentType: string;
};

/** A protocol over HTTP. */
export interface HttpReceiver {
  /** Its name in metrics. */
  readonly protocol: string;
  /**
   * Its routes. Those with `config: { open: true }` are answered without credentials and do not count as requests; those
   * with `config: { control: true }` store nothing, and are answered also while there is no room in the queue.
   */
  routes(scope: FastifyInstance): void;
  /** How it says that a request is refused. Status and headers are set and may be changed. */
  refused(
    refusal: RefusalName,
    detail: string | undefined,
    reply: FastifyReply,
    request: RawRequest,
  ): FastifyReply;
  /** Whether its sender would take an answer that says "come again" for the end of it: it is left without an answer. */
  hangsUp?(request: FastifyRequest): boolean;
  /** The Authorization header as others would write it, where the protocol has a scheme of its own. */
  authorization?(request: FastifyRequest): string | undefined;
  /**
   * Decides by the head of a request whether its body is read. Without it, whoever may send for any source may.
   * @returns whose memory the body takes
   * @throws Refused
   */
  admit?(request: RawRequest): Promise<string>;
}

/** A protocol over TCP or TLS. */
export interface StreamReceiver {
  readonly protocol: string;
  /**
   * Speaks with one sender until it ends, or until the connection says that the app departs.
   * @throws ProtocolFault for what no sender of this protocol says; the connection is closed
   */
  serve(connection: Connection): Promise<void>;
  /** Stores what is still kept. */
  drain?(): Promise<void>;
}

/** A protocol in datagrams. */
export interface DatagramReceiver {
  readonly protocol: string;
  /** Told where its socket is bound. */
  opened?(address: AddressInfo): void;
  /** @returns an answer for its sender, if there is one */
  take(message: Buffer, peer: string): Buffer | void;
  /** Stores what is still kept. */
  drain?(): Promise<void>;
}

/** A sender that does not speak the protocol. */
export class ProtocolFault extends Error {
  /** @param hint what to do about it */
  constructor(
    message: string,
    readonly hint: string,
  ) {
    super(message);
    this.name = 'ProtocolFault';
  }
}

/** Ends a connection about which everything has been said. */
export class HangUp extends Error {}
