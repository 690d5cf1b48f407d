import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Worker, type Job } from 'bullmq';
import {
  BATCH_QUEUE,
  LOG_BATCH_VERSION,
  PayloadStore,
  Unreadable,
  WORKER_OPTIONS,
  type LogBatch,
} from '#batches';
import { DeadBatches, Ledger, type BuryResult, type Commit } from '#ledger';
import { batchFields, ledgerField } from '#metric-names';
import { Keys, connectPatiently } from '#redis';
import type { Settings } from '#settings';
import { tallyFields, tallyMaxima, type Tally } from '#verdict';
import { BatchClassifier } from './batch-classifier.js';
import { SETTINGS } from './tokens.js';
import { WorkerMetrics } from './worker-metrics.js';

/** What became of a batch that was taken off the queue. */
export type BatchOutcome = 'committed' | 'redelivered' | 'dead';

/** How long a shutdown waits for the batches at hand; what is not done by then is delivered again. */
const DRAIN_MS = 20_000;

/**
 * Takes batches off the queue, classifies their lines and commits the counts. It is safe to be killed anywhere:
 * a batch is counted by its commit alone, and until then the queue delivers it again.
 */
@Injectable()
export class BatchConsumer implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(BatchConsumer.name);
  private readonly keys = new Keys();
  private readonly redis;
  private readonly queueRedis;
  private readonly payloads: PayloadStore;
  private readonly ledger: Ledger;
  private readonly dead: DeadBatches<LogBatch>;
  private worker: Worker<LogBatch> | undefined;

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly classifier: BatchClassifier,
    private readonly metrics: WorkerMetrics,
  ) {
    this.redis = connectPatiently(settings.redis.url!);
    this.queueRedis = connectPatiently(settings.redis.url!);
    this.payloads = new PayloadStore(this.redis, this.keys);
    this.ledger = new Ledger(this.redis, this.keys, settings.claimHours);
    this.dead = new DeadBatches(this.redis, this.keys, settings.claimHours);
  }

  onApplicationBootstrap(): void {
    const { concurrency, lock } = this.settings.worker;
    this.worker = new Worker<LogBatch>(BATCH_QUEUE, (job) => this.consume(job), {
      ...WORKER_OPTIONS,
      connection: this.queueRedis,
      prefix: this.keys.queuePrefix,
      concurrency,
      lockDuration: lock,
      stalledInterval: lock,
    });
    // Redis being away is told by /readyz; a line per attempt would only fill the log.
    this.worker.on('error', () => {});
    this.worker.on('failed', (job, error) =>
      this.logger.warn(`batch ${job?.id} is tried again: ${error.message}`),
    );
  }

  async onModuleDestroy(): Promise<void> {
    const drained = this.worker?.close();
    const deadline = new Promise((resolve) => setTimeout(resolve, DRAIN_MS).unref());
    await Promise.race([drained, deadline]);
    // BullMQ does not close a connection that it was given.
    this.queueRedis.disconnect();
    this.redis.disconnect();
  }

  private async consume(job: Job<LogBatch>): Promise<BatchOutcome> {
    const stop = this.metrics.batchDuration.startTimer();
    const outcome = await this.count(job.data);
    stop({ outcome });
    return outcome;
  }

  private async count(batch: LogBatch): Promise<BatchOutcome> {
    if (batch.v > LOG_BATCH_VERSION)
      throw new Error(
        `its version ${batch.v} is newer than this worker, which reads up to ${LOG_BATCH_VERSION}`,
      );
    const payload = await this.payloads.get(batch.id);
    if (payload === undefined) return this.writeOff(batch);
    try {
      return await this.commit(batch, await this.classifier.classify(batch, payload));
    } catch (error) {
      if (error instanceof Unreadable) return this.bury(batch, error);
      throw error;
    }
  }

  private async commit(batch: LogBatch, tally: Tally): Promise<BatchOutcome> {
    const devices = await this.knownDevices(batch, tally);
    const result = await this.ledger.commit(batch, commitOf(batch, tally, devices));
    return result === 'lost' ? this.writeOff(batch) : result;
  }

  private knownDevices({ source }: LogBatch, { hit }: Tally): Promise<Set<string>> {
    const most = this.settings.sources.get(source)?.maxDevices ?? 0;
    return this.ledger.admit('device', source, hit.deviceNames(), most);
  }

  /** A fault of the batch itself: trying again would change nothing, so it is kept apart, and loudly. */
  private async bury(batch: LogBatch, { reason, message }: Unreadable): Promise<BatchOutcome> {
    const result = await this.dead.bury(batch, { reason, detail: message }, this.settings.dead);
    return this.told(batch, result, `${reason}: ${message}`);
  }

  /** Its bytes are gone: because it has been counted, or they were lost. */
  private async writeOff(batch: LogBatch): Promise<BatchOutcome> {
    const result = await this.dead.writeOff(batch, this.settings.dead);
    return this.told(batch, result, 'its bytes were lost');
  }

  private told({ id, source }: LogBatch, result: BuryResult, why: string): BatchOutcome {
    if (result === 'found') throw new Error('its bytes were gone, and are there again');
    if (result === 'dead') this.logger.error(`batch ${id} of source ${source} is dead: ${why}`);
    return result;
  }
}

const commitOf = ({ source, bytes }: LogBatch, tally: Tally, devices: ReadonlySet<string>): Commit => ({
  additions: [
    ...tallyFields(source, tally, (name) => devices.has(name)),
    ...batchFields(source, 'committed', bytes),
  ],
  acceptance: batchFields(source, 'accepted', bytes),
  redelivery: [[ledgerField('redeliveries', source), 1]],
  maxima: tallyMaxima(source, tally),
  rejected: [...tally.rejections()].map(({ reason, sample }) => ({ source, reason, line: sample })),
});
