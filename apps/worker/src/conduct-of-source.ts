import { suspectedMaintenance, type Glance } from '#conduct';
import type { ConductLedger, Ledger } from '#ledger';
import { ledgerField } from '#metric-names';
import type { Pairs } from '#redis';
import type { Settings } from '#settings';
import { conductKeptMs, glancedSlices, policyOf } from './conduct-bounds.js';
import type { Stretch } from './due-slices.js';
import { additionsOf, devicesOf, foldedGauges, gaugesOf } from './finding-fields.js';
import type { SliceOfPieces } from './judge-slices.js';
import type { PackedJudged } from './judging-thread.js';
import type { ThreadOfJudging } from './thread-of-judging.js';

/** Judges the callers of a source: what waits in Redis goes through the pure rooms, and what is found goes back. */
export class ConductOfSource {
  constructor(
    private readonly source: string,
    private readonly settings: Settings,
    private readonly conduct: ConductLedger,
    private readonly ledger: Ledger,
    private readonly thread: ThreadOfJudging,
  ) {}

  /** @param since the newest slice that was judged before @returns what had to be left out, in words */
  async judge(stretch: Stretch, since: number): Promise<readonly string[]> {
    const slices = await this.filled(stretch);
    const state = await this.conduct.state(this.source);
    const policy = policyOf(this.settings);
    const judged = await this.thread.judge({ source: this.source, policy, state, slices });
    await this.conduct.commit(this.source, {
      since,
      until: stretch.until,
      requests: slices.reduce((sum, { requests }) => sum + requests, 0),
      state: judged.state && Buffer.from(judged.state),
      keptMs: conductKeptMs(this.settings),
      additions: additionsOf(this.source, judged),
      gauges: await this.gauges(judged),
      suspects: suspectsOf(judged),
    });
    return judged.faults;
  }

  /**
   * Says which devices seem to be under maintenance, from glances at batches: whoever would be paged for it cannot wait
   * until the slices are settled.
   */
  async suspectMaintenance(now: number): Promise<void> {
    const texts = await this.conduct.glances(this.source, glancedSlices(now));
    const glances = texts.flatMap(readGlances);
    const devices = suspectedMaintenance(glances, this.settings.conduct, now);
    const known = await this.known(devices.map(({ device }) => device));
    const gauges = devices
      .filter(({ device }) => device === '' || known.has(device))
      .map(
        ({ vendor, device, isSuspected }) => [this.maintenance(vendor, device), Number(isSuspected)] as const,
      );
    await this.conduct.setSuspected(this.source, gauges, conductKeptMs(this.settings));
  }

  private readonly maintenance = (vendor: string, device: string): string =>
    ledgerField('maintenance', this.source, vendor, device);

  /** The pieces of the slices, and an empty slice behind them where nothing came for so long. */
  private async filled({ slices, until }: Stretch): Promise<SliceOfPieces[]> {
    const filled = slices.map(async (one) => ({
      slice: one.slice,
      requests: one.requests,
      pieces: await this.conduct.pieces(this.source, one),
    }));
    const silence = slices.at(-1)?.slice === until ? [] : [{ slice: until, requests: 0, pieces: [] }];
    return [...(await Promise.all(filled)), ...silence];
  }

  private async gauges({ findings }: PackedJudged): Promise<Pairs> {
    const gauges = gaugesOf(findings);
    return foldedGauges(gauges, await this.known(devicesOf(gauges)));
  }

  /** Which devices have label values of their own. */
  private known(devices: readonly string[]): Promise<Set<string>> {
    const most = this.settings.sources.get(this.source)?.maxDevices ?? 0;
    return this.ledger.admit('device', this.source, [...new Set(devices)].filter(Boolean), most);
  }
}

const suspectsOf = ({ findings }: PackedJudged): { at: number; text: string }[] =>
  findings.flatMap(({ suspects }) =>
    suspects.map((suspect) => ({ at: suspect.again.at, text: JSON.stringify(suspect) })),
  );

/** What cannot be read tells nothing, and is gone in minutes. */
function readGlances(text: string): Glance[] {
  try {
    return JSON.parse(text) as Glance[];
  } catch {
    return [];
  }
}
