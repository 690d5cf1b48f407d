import { readFileSync } from 'node:fs';
import { follow, inWholeSeconds, stepAt } from '../../../../test/harness/following.js';
import { randomFrom } from '../../../../test/harness/random.js';
import type { NotedStep } from '../step.js';
import { Jobs } from './jobs.js';

/** How clients of which the truth is known go about their jobs, and what the log shows of it. */
interface World {
  readonly about: string;
  /** Clients that look like one caller. */
  readonly alike?: number;
  /** Requests that a client sends at the same time. */
  readonly parallel?: number;
  readonly hasMillis?: boolean;
  readonly hasLocation?: boolean;
  /** Share of the jobs that another program than the client asks for. */
  readonly askedByOthers?: number;
}

const WORLDS: readonly World[] = [
  { about: 'one request after the other' },
  { about: 'the same, a log with whole seconds', hasMillis: false },
  { about: 'five requests at once', parallel: 5 },
  { about: 'five at once, a log with whole seconds', parallel: 5, hasMillis: false },
  { about: 'five clients behind one address, with one agent', alike: 5 },
  { about: 'a fifth of the jobs asked for by another program', askedByOthers: 0.2 },
  { about: 'asked for by another program, Location is logged', askedByOthers: 0.2, hasLocation: true },
];

const CLIENTS = 50;
const ROUNDS = 40;
const SHARE_FORGOTTEN = 0.2;

interface Told {
  readonly accepted: number;
  readonly forgotten: number;
  /** Mean time to the first question, seconds. */
  readonly firstPoll: number;
}

/** What clients do in half a day: send, ask one to six times, or forget to. */
function livesOf(world: World): { steps: NotedStep[]; truth: Told } {
  const { alike = 1, parallel = 1, hasMillis = true, hasLocation = false, askedByOthers = 0 } = world;
  const random = randomFrom(20_261_121);
  const between = (least: number, most: number): number => least + random() * (most - least);
  const steps: NotedStep[] = [];
  const waits: number[] = [];
  let job = 0;
  for (let client = 0; client < CLIENTS; client++) {
    const caller = Math.floor(client / alike);
    let second = between(0, 600);
    for (let sent = 0; sent < ROUNDS * parallel; sent++) {
      if (sent % parallel === 0) second += between(60, 900);
      job++;
      const at = second + between(0, parallel === 1 ? 0 : 1);
      steps.push(
        stepAt(at, {
          caller,
          method: 'POST',
          code: 202,
          verdict: 'accepted',
          reason: 'accepted',
          location: hasLocation ? job : -2,
        }),
      );
      if (random() < SHARE_FORGOTTEN) continue;
      const asking = random() < askedByOthers ? caller + 1000 : caller;
      let ask = at + 0.05 + between(0.1, 10);
      waits.push(ask - at - 0.05);
      for (let polls = between(1, 6); polls > 0; polls--) {
        steps.push(stepAt(ask, { caller: asking, role: 'reads_job', resource: job }));
        ask += between(2, 10);
      }
    }
  }
  return {
    steps: hasMillis ? steps : steps.map(inWholeSeconds),
    truth: { accepted: job, forgotten: job - waits.length, firstPoll: mean(waits) },
  };
}

const mean = (numbers: readonly number[]): number =>
  numbers.reduce((sum, one) => sum + one, 0) / numbers.length;

function toldOf(steps: readonly NotedStep[]): Told {
  const { counted } = follow(Jobs, steps);
  const of = (outcome: string): number => counted[`jobs|acme|${outcome}`] ?? 0;
  return {
    accepted: of('followed') + of('forgotten') + of('expired'),
    forgotten: of('forgotten'),
    firstPoll: counted['jobFirstPoll|acme|sum']! / 1000 / (of('followed') + of('expired')),
  };
}

function rowOf(world: World): string {
  const { steps, truth } = livesOf(world);
  const told = toldOf(steps);
  expect(told.accepted).toBe(truth.accepted);
  const cells = [
    truth.accepted,
    truth.forgotten,
    told.forgotten,
    truth.firstPoll.toFixed(1),
    told.firstPoll.toFixed(1),
  ];
  return `| ${world.about} | ${cells.join(' | ')} |`;
}

describe('which job is meant', () => {
  it('is told as well as docs/jobs-and-sessions.md says, to the letter', () => {
    const page = readFileSync('docs/jobs-and-sessions.md', 'utf8');
    const rows = WORLDS.map(rowOf);
    const published = page
      .split('\n')
      .filter((line) => WORLDS.some(({ about }) => line.startsWith(`| ${about} |`)));
    expect(published).toEqual(rows);
  });
});
