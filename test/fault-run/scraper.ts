import { until } from '../harness/until.js';

/** Reads /metrics over and over, and remembers every counter that went backwards. */
export class Scraper {
  readonly backwards: string[] = [];
  pages = 0;
  private last = new Map<string, number>();
  private running = true;
  private readonly loop: Promise<void>;

  constructor(private readonly url: string) {
    this.loop = this.scrape();
  }

  /** The sum of a metric over the samples that have a label, on a page that is asked for from now on. */
  async sum(metric: string, label: string): Promise<number> {
    const { pages } = this;
    // one may be on its way that was asked for before
    await until('two more pages are read', () => this.pages >= pages + 2, { timeoutMs: 30_000 });
    const samples = [...this.last].filter(([name]) => name.startsWith(`${metric}{`) && name.includes(label));
    return samples.reduce((sum, [, value]) => sum + value, 0);
  }

  async stop(): Promise<void> {
    this.running = false;
    await this.loop;
  }

  private async scrape(): Promise<void> {
    while (this.running) {
      const page = await this.page();
      if (page === undefined) continue;
      this.pages++;
      for (const [name, value] of page) {
        const before = this.last.get(name);
        if (before !== undefined && value < before) this.backwards.push(`${name}: ${before} -> ${value}`);
      }
      for (const [name, value] of page) this.last.set(name, value);
    }
  }

  /** What counts requests, lines and batches; undefined while the exporter is down. */
  private async page(): Promise<[string, number][] | undefined> {
    const due = Date.now() + 200;
    try {
      const answer = await fetch(this.url, { signal: AbortSignal.timeout(5000) });
      if (!answer.ok) return undefined;
      return counters(await answer.text());
    } catch {
      return undefined;
    } finally {
      await until('the next scrape is due', () => Date.now() >= due);
    }
  }
}

const COUNTER = /^(statuslens_\w+(?:_total|_bucket|_count|_sum)(?:\{.*\})?) (\S+)$/;

const counters = (page: string): [string, number][] =>
  page.split('\n').flatMap((line): [string, number][] => {
    const found = COUNTER.exec(line);
    return found ? [[found[1]!, Number(found[2])]] : [];
  });
