import { UnreadableInput } from './io.js';

/** One series: its labels and its samples, epoch milliseconds and values. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: readonly (readonly [timeMs: number, value: number])[];
}

/** Prometheus gives at most 11,000 points a series. */
const MOST_STEPS = 10_000;

interface Answer {
  readonly error?: string;
  readonly data?: { readonly result: readonly Result[] };
}

interface Result {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [number, string];
  readonly values?: readonly (readonly [number, string])[];
}

/** The HTTP API of Prometheus, or of what speaks it: https://prometheus.io/docs/prometheus/latest/querying/api/ */
export class PrometheusApi {
  private readonly base: string;
  private readonly headers: Readonly<Record<string, string>>;

  /** @param url may end in a path, and may hold user and password */
  constructor(url: URL) {
    this.base = `${url.origin}${url.pathname.replace(/\/$/, '')}/api/v1`;
    const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    this.headers =
      url.username === '' ? {} : { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
  }

  /** @throws UnreadableInput with a sentence */
  instant(query: string, timeMs: number): Promise<Series[]> {
    return this.ask('query', { query, time: seconds(timeMs) });
  }

  /** Samples at every step from start to end. @throws UnreadableInput with a sentence */
  async range(query: string, startMs: number, endMs: number, stepMs: number): Promise<Series[]> {
    const all: Series[] = [];
    for (let start = startMs; start <= endMs; start += MOST_STEPS * stepMs) {
      const end = Math.min(endMs, start + (MOST_STEPS - 1) * stepMs);
      const when = { start: seconds(start), end: seconds(end), step: seconds(stepMs) };
      all.push(...(await this.ask('query_range', { query, ...when })));
    }
    return all;
  }

  private async ask(path: string, parameters: Readonly<Record<string, string>>): Promise<Series[]> {
    const { data } = await this.answer(path, parameters);
    return (data?.result ?? []).map(({ metric, value, values }) => ({
      labels: metric,
      samples: (values ?? (value ? [value] : [])).map(([time, text]) => [time * 1000, Number(text)]),
    }));
  }

  private async answer(path: string, parameters: Readonly<Record<string, string>>): Promise<Answer> {
    const address = `${this.base}/${path}`;
    try {
      const body = new URLSearchParams(parameters);
      const response = await fetch(address, { method: 'POST', body, headers: this.headers });
      const answer = await bodyOf(response);
      if (!response.ok) throw new Error(answer.error ?? `it answers ${response.status}`);
      return answer;
    } catch (error) {
      const { message, cause } = error as Error;
      const { code } = (cause ?? {}) as NodeJS.ErrnoException;
      throw new UnreadableInput(`cannot ask Prometheus at ${address}: ${code ?? message}`);
    }
  }
}

async function bodyOf(response: Response): Promise<Answer> {
  const text = await response.text();
  try {
    return JSON.parse(text) as Answer;
  } catch {
    throw new Error(`it answers ${response.status}, and not as Prometheus does`);
  }
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3);
