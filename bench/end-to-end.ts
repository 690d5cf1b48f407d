import { bodiesOf, type Bodies } from './bodies.js';
import { Pipeline, type Encoding, type PipelineOptions } from './pipeline.js';
import type { Twin } from './twin-log.js';
import { ROUTES } from './twin-log.js';
import type { TwinFiles } from './twin-files.js';

/** A source for each twin, whose vendor is told line by line, with all that statuslens does unless told otherwise. */
export const SOURCES = {
  'nginx-json': { format: 'nginx-json', vendor: 'auto' },
  combined: { format: 'combined', vendor: 'auto', routes: ROUTES },
} satisfies Record<Twin, object>;

/** For each worker: so that what is measured is the code that Node has compiled, as in a worker that runs for days. */
const WARM_UP_LINES = 1_000_000;
const SENDERS = 8;
const LINES_PER_BODY = 4000;

/** The bodies of all rounds, made once: compressing them is the work of the shippers. */
export class SentLog {
  private readonly made = new Map<string, Bodies>();

  constructor(
    private readonly files: TwinFiles,
    private readonly linesPerBody = LINES_PER_BODY,
    private readonly most = Infinity,
  ) {}

  bodies(twin: Twin, encoding: Encoding): Bodies {
    const key = `${twin} ${encoding}`;
    let bodies = this.made.get(key);
    if (!bodies)
      this.made.set(key, (bodies = bodiesOf(this.files[twin].log, this.linesPerBody, encoding, this.most)));
    return bodies;
  }
}

/** @returns a pipeline that has done already what it is to do: with these twins */
export async function warmPipeline(
  log: SentLog,
  twins: readonly Twin[],
  { settings, ...options }: Omit<PipelineOptions, 'sources'>,
): Promise<Pipeline> {
  const { sources = {}, ...others } = settings ?? {};
  const pipeline = await Pipeline.start({
    ...options,
    sources: { ...SOURCES, ...sources },
    settings: others,
  });
  const lines = WARM_UP_LINES * (options.workers ?? 1);
  for (const twin of twins) await sendAll(pipeline, twin, log.bodies(twin, 'gzip'), 'gzip', lines);
  return pipeline;
}

/**
 * @param atLeast lines, over and over the same ones if there are fewer
 * @returns lines a second from the first byte that is sent until /metrics shows the last line
 */
export async function sendAll(
  pipeline: Pipeline,
  source: string,
  { lines, bodies }: Bodies,
  encoding: Encoding,
  atLeast = lines,
): Promise<number> {
  const known = await pipeline.visible(source);
  const linesPerBody = lines / bodies.length;
  const count = Math.ceil(atLeast / linesPerBody);
  const start = performance.now();
  let next = 0;
  const sender = async (): Promise<void> => {
    while (next < count) await pipeline.send(source, bodies[next++ % bodies.length]!, encoding);
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
  await pipeline.untilVisible(source, known + Math.floor(count * linesPerBody));
  return (count * linesPerBody) / ((performance.now() - start) / 1000);
}
