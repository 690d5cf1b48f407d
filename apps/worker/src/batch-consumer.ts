import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Worker, type Job } from 'bullmq';
import {
  BATCH_QUEUE,
  PayloadStore,
  Unreadable,
  WORKER_OPTIONS,
  readBatch,
  storedEncoding,
  type LogBatch,
} from '#batches';
import { ConductLedger, DeadBatches, Ledger, type BuryResult, type Commit } from '#ledger';
import { batchFields, ledgerField } from '#metric-names';
import { Keys, connectPatiently, isReady } from '#redis';
import { LiveSettings, type Settings } from '#settings';
import { tallyFields, tallyMaxima, type Tally } from '#verdict';
import { BatchClassifier, type Classified } from './batch-classifier.js';
import { conductOfBatch, skippedFields } from './conduct-of-batch.js';
import { WorkerMetrics } from './worker-metrics.js';

/** What became of a batch that was taken off the queue. */
export type BatchOutcome = 'committed' | 'redelivered' | 'dead' | 'forgotten';

/** What damaged bytes are called; those that are not compressed cannot be damaged. */
const DAMAGED = { identity: 'unreadable_gzip', gzip: 'unreadable_gzip', zstd: 'unreadable_zstd' } as const;

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
  private readonly conduct: ConductLedger;
  private readonly dead: DeadBatches<LogBatch>;
  private worker: Worker<LogBatch> | undefined;
  private toldOfPermission = false;

  constructor(
    private readonly settings: LiveSettings,
    private readonly classifier: BatchClassifier,
    private readonly metrics: WorkerMetrics,
  ) {
    const { redis, claims } = settings.now;
    this.redis = connectPatiently(redis.access!);
    this.queueRedis = connectPatiently(redis.access!);
    this.payloads = new PayloadStore(this.redis, this.keys);
    this.ledger = new Ledger(this.redis, this.keys, claims);
    this.conduct = new ConductLedger(this.redis, this.keys);
    this.dead = new DeadBatches(this.redis, this.keys, claims);
  }

  onApplicationBootstrap(): void {
    const { concurrency, lock } = this.settings.now.worker;
    const worker = new Worker<LogBatch>(BATCH_QUEUE, (job) => this.consume(job), {
      ...WORKER_OPTIONS,
      connection: this.queueRedis,
      prefix: this.keys.queuePrefix,
      concurrency,
      lockDuration: lock,
      stalledInterval: lock,
    });
    this.settings.onChange((changed) => (worker.concurrency = changed.worker.concurrency));
    worker.on('error', (error) => this.tellOfPermission(error));
    worker.on('failed', (job, error) =>
      this.logger.warn(`batch ${job?.id} is tried again: ${error.message}`),
    );
    this.worker = worker;
  }

  /** Redis being away is told by /readyz, and a line per attempt would only fill the log; so this is said once. */
  private tellOfPermission({ message }: Error): void {
    if (this.toldOfPermission || !message.startsWith('NOPERM')) return;
    this.toldOfPermission = true;
    this.logger.error(`Redis forbids what a worker needs; see deploy/redis/users.acl: ${message}`);
  }

  /** Finishes the batches at hand and takes no more. */
  async onModuleDestroy(): Promise<void> {
    // without Redis no batch at hand can be counted any more
    await this.worker?.close(!isReady(this.queueRedis));
    // BullMQ does not close a connection that it was given.
    this.queueRedis.disconnect();
    this.redis.disconnect();
  }

  private async consume(job: Job<LogBatch>): Promise<BatchOutcome> {
    const stop = this.metrics.batchDuration.startTimer();
    const outcome = await this.count(job);
    stop({ outcome });
    return outcome;
  }

  private async count(job: Job<LogBatch>): Promise<BatchOutcome> {
    const queued = readBatch(job.data);
    const [payload, hashKey] = await Promise.all([
      this.payloads.get(queued.id),
      this.settings.now.conduct.enabled ? this.conduct.hashKey() : undefined,
    ]);
    if (payload === undefined) return this.writeOff(queued, job);
    const batch = { ...queued, encoding: storedEncoding(queued, payload) };
    try {
      return await this.commit(batch, job, await this.classifier.classify(batch, payload, hashKey));
    } catch (error) {
      if (error instanceof Unreadable) return this.bury(batch, job, error);
      throw error;
    }
  }

  private async commit(batch: LogBatch, job: Job<LogBatch>, classified: Classified): Promise<BatchOutcome> {
    const devices = await this.knownDevices(batch, classified.tally);
    const result = await this.ledger.commit(batch, commitOf(batch, classified, devices, this.settings.now));
    return result === 'lost' ? this.writeOff(batch, job) : result;
  }

  private knownDevices({ source }: LogBatch, { hit }: Tally): Promise<Set<string>> {
    const most = this.settings.now.sources.get(source)?.maxDevices ?? 0;
    return this.ledger.admit('device', source, hit.deviceNames(), most);
  }

  /** A fault of the batch itself: trying again would change nothing, so it is kept apart, and loudly. */
  private async bury(
    batch: LogBatch,
    job: Job<LogBatch>,
    { reason: fault, message }: Unreadable,
  ): Promise<BatchOutcome> {
    const reason = fault === 'damaged' ? DAMAGED[batch.encoding] : fault;
    const death = { reason, detail: message };
    const result = await this.dead.bury(batch, this.keyOf(job), death, this.settings.now.dead);
    return this.told(batch, result, `${reason}: ${message}`);
  }

  /** Its bytes are gone: because it has been counted, or they were lost. */
  private async writeOff(batch: LogBatch, job: Job<LogBatch>): Promise<BatchOutcome> {
    const result = await this.dead.writeOff(batch, this.keyOf(job), this.settings.now.dead);
    return this.told(batch, result, 'its bytes were lost');
  }

  private readonly keyOf = ({ id }: Job<LogBatch>): string => this.worker!.toKey(id!);

  private told({ id, source }: LogBatch, result: BuryResult, why: string): BatchOutcome {
    if (result === 'found') throw new Error('its bytes were gone, and are there again');
    if (result === 'dead') this.logger.error(`batch ${id} of source ${source} is dead: ${why}`);
    if (result === 'forgotten')
      this.logger.warn(`batch ${id} of source ${source} is not counted: Redis has lost time, and it with it`);
    return result;
  }
}

const commitOf = (
  { source, bytes }: LogBatch,
  { tally, steps }: Classified,
  devices: ReadonlySet<string>,
  settings: Settings,
): Commit => ({
  additions: [
    ...tallyFields(source, tally, (name) => devices.has(name)),
    ...batchFields(source, 'committed', bytes),
    ...(steps ? skippedFields(source, steps) : []),
  ],
  acceptance: batchFields(source, 'accepted', bytes),
  redelivery: [[ledgerField('redeliveries', source), 1]],
  maxima: tallyMaxima(source, tally),
  rejected: [...tally.rejections()].map(({ reason, sample }) => ({ source, reason, line: sample })),
  conduct: steps && conductOfBatch(source, steps, devices, settings),
});
