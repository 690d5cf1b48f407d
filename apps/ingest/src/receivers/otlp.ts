import { Injectable } from '@nestjs/common';
import {
  EventsBySource,
  Malformed,
  readOtlpJson,
  readOtlpProtobuf,
  type PartialSuccess,
  type Poison,
  type RpcCode,
  type RpcStatus,
} from '#protocols';
import { Reception } from '../reception.js';
import { REFUSALS, Refused, type Refusal, type RefusalName } from '../refusal.js';
import { HttpRequests } from './http-requests.js';
import type { HttpReceiver, RawRequest } from './receiver.js';
import { mustBeReadable } from './whole-message.js';

/**
 * What each refusal is to senders of OTLP: UNAVAILABLE, with a time to wait, is all that each of them repeats.
 * https://opentelemetry.io/docs/specs/otlp/#failures
 */
const CODES: Readonly<Record<RefusalName, RpcCode>> = {
  unauthorized: 'UNAUTHENTICATED',
  unknown_source: 'NOT_FOUND',
  method_not_allowed: 'UNIMPLEMENTED',
  too_large: 'RESOURCE_EXHAUSTED',
  unsupported_encoding: 'UNIMPLEMENTED',
  empty_body: 'INVALID_ARGUMENT',
  damaged_encoding: 'INVALID_ARGUMENT',
  not_a_log: 'INVALID_ARGUMENT',
  malformed: 'INVALID_ARGUMENT',
  bad_key: 'INVALID_ARGUMENT',
  rate_limited: 'UNAVAILABLE',
  overloaded: 'UNAVAILABLE',
  unavailable: 'UNAVAILABLE',
};

export function rpcStatusOf(refusal: RefusalName, detail: string | undefined): RpcStatus {
  const { message, hint, retryAfter }: Refusal = REFUSALS[refusal];
  return { code: CODES[refusal], message: `${message} ${detail ?? hint}`, retryAfter };
}

/** What both ways of OTLP have in common: a request becomes events, and these are stored. */
@Injectable()
export class OtlpLogs {
  constructor(
    private readonly requests: HttpRequests,
    private readonly reception: Reception,
  ) {}

  /**
   * @param body after decompression
   * @returns what could not be stored, ever, of a request that else was
   * @throws Refused
   */
  async store(
    receiver: HttpReceiver,
    request: RawRequest,
    body: Buffer,
    encoding: 'json' | 'protobuf',
  ): Promise<PartialSuccess | undefined> {
    const events = new EventsBySource(this.reception.find);
    mustBeReadable(body, encoding);
    const poison = readEvents(body, encoding, events);
    await this.requests.store(receiver, request, events);
    return partialSuccess(poison, events);
  }
}

function readEvents(body: Buffer, encoding: 'json' | 'protobuf', events: EventsBySource): Poison {
  try {
    return encoding === 'json' ? readOtlpJson(body, events) : readOtlpProtobuf(body, events);
  } catch (error) {
    throw error instanceof Malformed ? new Refused('malformed', error.message) : error;
  }
}

function partialSuccess(poison: Poison, events: EventsBySource): PartialSuccess | undefined {
  const rejectedRecords = poison.records + events.unknown;
  if (rejectedRecords === 0) return undefined;
  const names = events.unknownNames.join(', ');
  const unknown =
    events.unknown > 0 ? `No source goes by the service.name ${names}: add it to ingest.names.` : '';
  return { rejectedRecords, reason: `${poison.reason} ${unknown}`.trim() };
}
