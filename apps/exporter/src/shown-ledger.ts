import { Inject, Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { QueueView } from '#batches';
import { Ledger, type LedgerHead } from '#ledger';
import { Keys } from '#redis';
import { LiveSettings } from '#settings';
import { FloorFile } from './floor-file.js';
import { nextFloor, type Counters, type Floor } from './floor.js';
import { LEDGER_RULES, ledgerView, withGauges } from './ledger-view.js';
import { REDIS } from './tokens.js';

/** A ledger that went back is to be noticed before much is counted in it, and its backlog before much comes after. */
const WATCH_MS = 1000;

/** The ledger as it is shown. */
export interface ShownPage {
  readonly counters: Counters;
  /** As the ledger has them, which may be less. */
  readonly counted: Counters;
  readonly regressions: number;
}

/** What Prometheus is shown of the ledger: never less than before, for it is kept before it is shown. */
@Injectable()
export class ShownLedger implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(ShownLedger.name);
  private readonly ledger: Ledger;
  private readonly queue: QueueView;
  private readonly file: FloorFile;
  private floor: Floor | undefined;
  private shown: ShownPage | undefined;
  private refreshing: Promise<ShownPage> | undefined;
  private fault: string | undefined;
  private watcher: NodeJS.Timeout | undefined;

  constructor(@Inject(REDIS) redis: Redis, settings: LiveSettings) {
    this.ledger = new Ledger(redis, new Keys(), settings.now.claims);
    this.queue = new QueueView(redis, new Keys());
    this.file = new FloorFile(settings.now.exporter.state);
  }

  async onModuleInit(): Promise<void> {
    this.floor = await this.file.load().catch((error: Error) => this.withoutFile(error));
    await this.file.prepare().catch((error: Error) => this.tell(error));
    this.watcher = setInterval(() => void this.watch().catch(() => {}), WATCH_MS).unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.watcher);
    await this.refreshing?.catch(() => {});
    if (this.fault !== undefined && this.floor) await this.keep(this.floor);
  }

  /** Why a restart would forget what was shown; undefined while it would not. */
  get keepingFails(): string | undefined {
    return this.fault;
  }

  /** @throws if Redis does not answer: a page without the ledger would look like a loss of all counters */
  async page(): Promise<ShownPage> {
    const head = await this.ledger.head(); // fails at once while Redis is away, where the queue would wait
    if (this.shown && this.isCurrent(head)) return this.shown;
    return (this.refreshing ??= this.refresh().finally(() => (this.refreshing = undefined)));
  }

  private isCurrent({ began, revision }: LedgerHead): boolean {
    const { floor, fault } = this;
    if (!floor || floor.recovery || fault !== undefined) return false;
    return began === floor.began && revision === floor.revision;
  }

  /** The jobs are counted first, so that no batch that comes in between is taken for one of an older backlog. */
  private async refresh(): Promise<ShownPage> {
    const jobs = await this.queue.unended();
    const snapshot = await this.ledger.snapshot();
    const floor = nextFloor(this.floor, ledgerView(snapshot, jobs), LEDGER_RULES);
    this.tellOf(floor);
    await this.keep(floor);
    this.floor = floor;
    const counters = withGauges(floor.shown, snapshot);
    return (this.shown = { counters, counted: snapshot.counters, regressions: floor.regressions });
  }

  private async keep(floor: Floor): Promise<void> {
    await this.file.save(floor).then(
      () => (this.fault = undefined),
      (error: Error) => this.tell(error),
    );
  }

  /** Between scrapes only what a floor must not miss: a ledger that went back, and the end of its backlog. */
  private async watch(): Promise<void> {
    if (!this.floor || this.refreshing) return;
    const { began, revision } = await this.ledger.head();
    const wentBack = began !== this.floor.began || revision < this.floor.revision;
    if (wentBack || this.floor.recovery) await this.page();
  }

  private tellOf({ regressions, recovery }: Floor): void {
    if (regressions > (this.floor?.regressions ?? 0))
      this.logger.warn(
        `The ledger has less than was shown of it. Counters stay where they are${
          recovery
            ? ` until the ${recovery.backlog} batches that wait now are counted`
            : ' and go on from there'
        }.`,
      );
  }

  private tell({ message }: Error): void {
    if (this.fault === undefined)
      this.logger.warn(
        `What was shown cannot be kept, so counters may go back after a restart: ${message}. exporter.state must be a folder that this user may write to.`,
      );
    this.fault = message;
  }

  private async withoutFile({ message }: Error): Promise<undefined> {
    const aside = await this.file.setAside().catch(() => this.file.path);
    this.logger.warn(`What was shown cannot be read; counters may go back. See ${aside}: ${message}`);
  }
}
