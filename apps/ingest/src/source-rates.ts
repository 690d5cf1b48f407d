import { Injectable } from '@nestjs/common';
import { LiveSettings, type Source } from '#settings';
import { ByteRate } from './byte-rate.js';
import { Refused } from './refusal.js';

/** How fast each source may send, where its settings say so. Each process of ingest counts for itself. */
@Injectable()
export class SourceRates {
  /** By the limits themselves, so that new ones begin anew. */
  private readonly rates = new WeakMap<object, ByteRate>();

  constructor(private readonly settings: LiveSettings) {}

  /** @throws Refused `rate_limited` if the source has sent too much already */
  check(source: string): void {
    if (this.rateOf(source)?.mayTake(performance.now()) === false) throw new Refused('rate_limited');
  }

  /** To be told of every body before it is read, or as soon as its size is known. */
  took(source: string, bytes: number): void {
    this.rateOf(source)?.take(bytes);
  }

  private rateOf(name: string): ByteRate | undefined {
    const limit: Source['limits']['rate'] = this.settings.now.sources.get(name)?.limits.rate;
    if (!limit) return undefined;
    const rate = this.rates.get(limit) ?? new ByteRate(limit, performance.now());
    this.rates.set(limit, rate);
    return rate;
  }
}
