import { SentLog, warmPipeline } from '../end-to-end.js';
import { LiveLog } from '../live-log.js';
import { megabytes, numberText, table } from '../markdown.js';
import type { Part, Target } from '../section.js';
import { sustain, type Memory } from '../sustained.js';

const LINES_PER_SECOND = 50_000;
const LARGEST_MEMORY = 200 * 1024 ** 2;
const FLAT = 1.1;

/** Memory, processor and disk under a load that goes on; callers are followed and judged meanwhile. */
export const steadyLoad: Part = async ({ files, minutes, tell }) => {
  const log = new SentLog(files, 4000, 400_000);
  const pipeline = await warmPipeline(log, ['nginx-json'], { appendfsync: 'everysec' });
  try {
    const told = (seconds: number): void => tell(`steady load: ${seconds} s of ${minutes * 60}`);
    const { lines, memory, cpu, diskBytesPerLine } = await sustain(
      pipeline,
      'nginx-json',
      new LiveLog(log.bodies('nginx-json', 'raw')),
      LINES_PER_SECOND,
      minutes * 60,
      told,
    );
    const roles = [...memory.keys()];
    const text = `## A steady load

nginx-json, gzip, ${numberText(LINES_PER_SECOND)} lines/s for ${minutes} minutes, ${numberText(lines)} lines, one worker. Each line is one of this moment:
callers are judged as soon as \`conduct.max_bytes\` or \`late_after\` says so, and all of it is in these figures. Redis wrote ${diskBytesPerLine.toFixed(0)} bytes a line to its disk.

${table(
  ['process', 'memory, second fifth', 'last fifth', 'at most', 'processor, s per million lines'],
  roles.map((role) => {
    const { secondFifth, lastFifth, peak } = memory.get(role)!;
    return [role, megabytes(secondFifth), megabytes(lastFifth), megabytes(peak), cpu.get(role)!];
  }),
)}`;
    const own = roles.filter((role) => role !== 'redis');
    return {
      text,
      targets: [flat(own.map((role) => memory.get(role)!)), small(own.map((role) => memory.get(role)!))],
    };
  } finally {
    await pipeline.stop();
  }
};

function flat(memories: readonly Memory[]): Target {
  const worst = Math.max(...memories.map(({ secondFifth, lastFifth }) => lastFifth / secondFifth));
  return {
    what: 'memory in the last fifth of a steady load : in the second',
    wanted: `≤ ${FLAT}`,
    measured: worst.toFixed(2),
    isKept: worst <= FLAT,
  };
}

function small(memories: readonly Memory[]): Target {
  const largest = Math.max(...memories.map(({ peak }) => peak));
  return {
    what: 'memory of any process of statuslens',
    wanted: `≤ ${megabytes(LARGEST_MEMORY)}`,
    measured: megabytes(largest),
    isKept: largest <= LARGEST_MEMORY,
  };
}
