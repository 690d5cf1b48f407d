import type { Request, Text } from '#access-log';
import { NO_NUMBER, TextNumbers } from '#verdict';
import type { KeyedHash } from './keyed-hash.js';

/** So many texts of each kind are remembered, if they are not longer; all others are hashed each time, to the same. */
const MOST_ADDRESSES = 4096;
const MOST_BYTES_OF_ADDRESS = 64;
const MOST_USERS = 1024;
const MOST_BYTES_OF_USER = 64;
const MOST_AGENTS = 256;
const MOST_BYTES_OF_AGENT = 512;
/** Of callers the one that came last, among those that share a slot. */
const SLOTS = 4096;
const GOLDEN = 0x9e3779b1;
const SHIFT = 20;

/** The number of what is not logged. */
const NO_ADDRESS = MOST_ADDRESSES;
const NO_USER = MOST_USERS;
const NO_AGENT = MOST_AGENTS;

/** Kinds of names of users. */
const AS_LOGGED = 0;
const AS_KNOWN = 1;

const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const ZERO = 0x30;
const NINE = 0x39;

/**
 * Hashes of callers: address (without its port), user and user agent, as far as they are logged. Few callers send most
 * lines, so what a caller hashes to is looked up by the numbers of its texts.
 */
export class CallerHash {
  private readonly addresses = new TextNumbers(MOST_ADDRESSES, MOST_BYTES_OF_ADDRESS);
  private readonly users = new TextNumbers(MOST_USERS, MOST_BYTES_OF_USER);
  private readonly agents = new TextNumbers(MOST_AGENTS, MOST_BYTES_OF_AGENT);
  /** By the number of an address. */
  private readonly lastAgents = new Uint8Array(MOST_ADDRESSES + 1);
  /** Of each slot: the caller (its numbers, plus one), and its hash. */
  private readonly callers = new Int32Array(SLOTS);
  private readonly hashes = new Float64Array(SLOTS);

  /** @param kind what the hash is of, so that it is none of anything else */
  constructor(
    private readonly hash: KeyedHash,
    private readonly kind: number,
  ) {}

  /** Begins a hash of its own. */
  of(request: Request): number {
    const caller = this.numberOf(request);
    if (caller === NO_NUMBER) return this.hashOf(request);
    const slot = Math.imul(caller, GOLDEN) >>> SHIFT;
    if (this.callers[slot] !== caller + 1) {
      this.callers[slot] = caller + 1;
      this.hashes[slot] = this.hashOf(request);
    }
    return this.hashes[slot]!;
  }

  /** From 0 up, the same only for the same caller; or NO_NUMBER. */
  private numberOf(request: Request): number {
    const address = this.addressOf(request);
    const user = this.userOf(request);
    const agent = this.agentOf(request, address);
    if (address === NO_NUMBER || user === NO_NUMBER || agent === NO_NUMBER) return NO_NUMBER;
    return (address * (MOST_USERS + 1) + user) * (MOST_AGENTS + 1) + agent;
  }

  private addressOf({ client }: Request): number {
    if (!client.present) return NO_ADDRESS;
    return this.addresses.of(0, client.bytes, client.start, addressEnd(client));
  }

  private userOf({ consumer, knownConsumer }: Request): number {
    if (knownConsumer.present)
      return consumer.present
        ? NO_NUMBER
        : this.users.of(AS_KNOWN, knownConsumer.bytes, knownConsumer.start, knownConsumer.end);
    if (!consumer.present) return NO_USER;
    return this.users.of(AS_LOGGED, consumer.bytes, consumer.start, consumer.end);
  }

  /** The agent that an address had last is tried first. */
  private agentOf({ userAgent }: Request, address: number): number {
    const { present, bytes, start, end } = userAgent;
    if (!present) return NO_AGENT;
    if (address === NO_NUMBER) return NO_NUMBER;
    const last = this.lastAgents[address]!;
    if (last < this.agents.count && this.agents.is(last, 0, bytes, start, end)) return last;
    const agent = this.agents.of(0, bytes, start, end);
    if (agent !== NO_NUMBER) this.lastAgents[address] = agent;
    return agent;
  }

  private hashOf({ client, consumer, knownConsumer, userAgent }: Request): number {
    const { hash } = this;
    hash.begin();
    hash.addWord(this.kind);
    if (client.present) hash.addText(client.bytes, client.start, addressEnd(client));
    else hash.addLogged(client);
    hash.addLogged(consumer);
    hash.addLogged(knownConsumer);
    hash.addLogged(userAgent);
    return hash.end();
  }
}

/** `192.0.2.7:40312`, `[2001:db8::7]:40312`; but `2001:db8::7` has no port. */
function addressEnd({ bytes, start, end }: Text): number {
  let colon = end - 1;
  while (colon > start && isDigit(bytes[colon]!)) colon--;
  if (colon <= start || bytes[colon] !== COLON) return end;
  return bytes[start] === OPEN_BRACKET || !hasColon(bytes, start, colon) ? colon : end;
}

const isDigit = (byte: number): boolean => byte >= ZERO && byte <= NINE;

function hasColon(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] === COLON) return true;
  return false;
}
