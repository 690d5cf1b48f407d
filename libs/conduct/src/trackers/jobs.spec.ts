import fc from 'fast-check';
import { EXPECTED, follow, inWholeSeconds, stepAt } from '../../../../test/harness/following.js';
import type { NotedStep } from '../step.js';
import { Jobs } from './jobs.js';

const CALLERS = ['ann', 'bob', 'eve'];
const MINUTE = 60;

/** `bob 30 accepted`, `0 accepted names 7`, `31 asks 7 gets 404`; seconds, the caller is ann unless told otherwise. */
function stepOf(line: string): NotedStep {
  const [, caller = 'ann', second, what, job, code] =
    /^(?:([a-z]+) )?([\d.]+) (accepted|asks)(?: names| )? ?(\d+)?(?: gets (\d+))?$/.exec(line)!;
  const known = { caller: CALLERS.indexOf(caller) };
  return what === 'accepted'
    ? stepAt(Number(second), {
        ...known,
        method: 'POST',
        code: 202,
        verdict: 'accepted',
        reason: 'accepted',
        location: job === undefined ? -2 : Number(job),
      })
    : stepAt(Number(second), {
        ...known,
        role: 'reads_job',
        resource: Number(job),
        code: Number(code ?? 200),
      });
}

const story = (text: string): NotedStep[] => text.split(', ').map(stepOf);
const followed = (text: string, way = {}) => follow(Jobs, story(text), way).counted;

/** Only the outcomes of accepted requests. */
function outcomes(counted: Readonly<Record<string, number>>): Record<string, number> {
  const found = Object.entries(counted).filter(([field]) => field.startsWith('jobs|'));
  return Object.fromEntries(found.map(([field, count]) => [field.split('|')[2]!, count]));
}

describe('Jobs', () => {
  it.each([
    ['asked for', '0 accepted, 5 asks 7, 9 asks 7', { followed: 1 }],
    ['never asked for', '0 accepted', { forgotten: 1 }],
    ['asked for too late', '0 accepted, 901 asks 7', { forgotten: 1 }],
    ['asked for at the last moment', '0 accepted, 899 asks 7', { followed: 1 }],
    ['gone before anybody asked', '0 accepted, 600 asks 7 gets 404', { expired: 1 }],
    ['gone for good', '0 accepted, 600 asks 7 gets 410', { expired: 1 }],
    ['gone after it was read', '0 accepted, 5 asks 7, 600 asks 7 gets 404', { followed: 1 }],
    ['asked for while the API is busy', '0 accepted, 5 asks 7 gets 503', { followed: 1 }],
    ['asked for by somebody else', '0 accepted, bob 5 asks 7', { forgotten: 1 }],
    ['two, both asked for', '0 accepted, 1 accepted, 5 asks 7, 6 asks 8', { followed: 2 }],
    [
      'two, one of them asked for twice',
      '0 accepted, 1 accepted, 5 asks 7, 6 asks 7',
      { followed: 1, forgotten: 1 },
    ],
    ['a job that was asked for before', '0 asks 7, 1 accepted, 2 asks 7', { forgotten: 1 }],
    ['named, asked for by another caller', '0 accepted names 7, bob 5 asks 7', { followed: 1 }],
    ['named, another one asked for', '0 accepted names 7, 5 asks 8', { forgotten: 1 }],
    ['named although known', '0 asks 7, 1 accepted names 7, 2 asks 7', { followed: 1 }],
  ])('tells what became of a job: %s', (_, text, expected) => {
    expect(outcomes(followed(text))).toEqual(expected);
  });

  it('takes a question for that of the latest request, for the others may be forgotten', () => {
    const counted = followed('0 accepted, 600 accepted, 605 asks 7');
    expect(counted['jobFirstPoll|acme|2']).toBe(1); // within 5 s
  });

  it('cannot measure it where the document tells no place to ask', () => {
    const steps = story('0 accepted, 5 accepted names 7').map((step) => ({ ...step, vendor: 'other' }));
    expect(follow(Jobs, steps).counted).toEqual({ 'jobs|other|not_measurable': 2 });
  });

  it.each([
    ['of the same name', 'array-1', 'array-1', 'followed'],
    ['of another name', 'array-1', 'array-2', 'forgotten'],
    ['that the path of the job does not name', 'array-1', '', 'followed'],
    ['that the path of the request does not name', '', 'array-1', 'followed'],
  ])('looks for questions on a device %s', (_, device, asked, outcome) => {
    const [accepted, question] = story('0 accepted, 5 asks 7') as [NotedStep, NotedStep];
    const steps = [
      { ...accepted, device },
      { ...question, device: asked },
    ];
    expect(outcomes(follow(Jobs, steps).counted)).toEqual({ [outcome]: 1 });
  });

  it('does not take a question for a request that was accepted, though the API answers 202 as long as the job runs', () => {
    const [accepted, question] = story('0 accepted, 5 asks 7') as [NotedStep, NotedStep];
    const running: NotedStep = { ...question, code: 202, verdict: 'accepted', reason: 'accepted' };
    expect(outcomes(follow(Jobs, [accepted, running]).counted)).toEqual({ followed: 1 });
  });

  it('counts the questions once the job has been quiet for job_wait', () => {
    const text = '0 accepted, 5 asks 7, 10 asks 7, 890 asks 7';
    expect(followed(text, { until: 29 * MINUTE })).not.toHaveProperty('jobPolls|acme|sum');
    expect(followed(text, { until: 33 * MINUTE })).toMatchObject({
      'jobPolls|acme|2': 1,
      'jobPolls|acme|sum': 3,
    });
  });

  it('does not count the questions for a job of which the first ones may be missing', () => {
    expect(followed('0 asks 7, 5 asks 7')).toEqual({});
  });

  it.each([
    ['', '0 asks 7, 0.9 asks 7, 1.8 asks 7', 2],
    ['just', '0 asks 7, 1 asks 7, 2 asks 7', 0],
    ['for another job', '0 asks 7, 0.1 asks 8', 0],
    ['by another caller', '0 asks 7, bob 0.1 asks 7', 0],
    ['by two callers', '0 asks 7, bob 0.1 asks 7, 0.2 asks 7, bob 0.3 asks 7', 2],
  ])('counts questions closer than poll_interval %s', (_, text, expected) => {
    expect(followed(text)['jobFastPolls|acme'] ?? 0).toBe(expected);
  });

  it('does not take a second for less in a log with whole seconds, whenever polling begins', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 999 }),
        fc.integer({ min: 1000, max: 1100 }),
        (begin, interval) => {
          const seconds = Array.from({ length: 20 }, (_, i) => (begin + i * interval) / 1000);
          const steps = seconds.map((second) => inWholeSeconds(stepOf(`${second} asks 7`)));
          expect(follow(Jobs, steps).counted).toEqual({});
        },
      ),
    );
  });

  it.each([
    ['in the same second', '0.9 accepted, 1.0 asks 7', 1],
    ['a second before the question', '0.2 accepted, 1.0 asks 7', 1],
    ['long after a question about something else', '0 asks 7, 5 accepted', 0],
  ])('knows a request accepted %s in a log with whole seconds', (_, text, expected) => {
    const steps = story(text).map(inWholeSeconds);
    expect(outcomes(follow(Jobs, steps).counted).followed ?? 0).toBe(expected);
  });

  it('knows a request whose quick question seems to have come before, for the log has the second of the start', () => {
    const [accepted, question] = story('0 accepted, 0.4 asks 7') as [NotedStep, NotedStep];
    const second = Math.floor(accepted.startMs / 1000) * 1000;
    const steps = [
      { ...accepted, startMs: second, endMs: second + 300 },
      { ...question, startMs: second, endMs: second + 3 },
    ];
    expect(outcomes(follow(Jobs, steps).counted)).toEqual({ followed: 1 });
  });

  it('remembers no more than it may, and says what it forgot', () => {
    const text = '0 accepted, 1 accepted, 2 accepted, 3 asks 7, 4 asks 8';
    const counted = followed(text, { policy: { ...EXPECTED, maxOperations: 2 } });
    expect(outcomes(counted)).toEqual({ not_measurable: 1, followed: 2 });
    expect(counted['conductSkipped|evicted']).toBe(1);
  });
});

const anyStep = fc.oneof(
  fc.record({ at: fc.integer({ min: 0, max: 4000 }), caller: fc.constantFrom(...CALLERS), job: fc.nat(5) }),
);
const anyStory = fc.array(
  fc.tuple(
    anyStep,
    fc.constantFrom('accepted', 'accepted names', 'asks', 'asks'),
    fc.constantFrom(200, 404, 503),
  ),
  { maxLength: 40 },
);
const stepsOf = (
  lines: readonly [{ at: number; caller: string; job: number }, string, number][],
): NotedStep[] =>
  lines.map(([{ at, caller, job }, what, code]) =>
    stepOf(
      `${caller} ${at / 2} ` +
        (what === 'accepted' ? what : `${what} ${job}${what === 'asks' ? ` gets ${code}` : ''}`),
    ),
  );

describe('whatever happens, Jobs', () => {
  it('tells of each accepted request one outcome, however little it may remember', () => {
    fc.assert(
      fc.property(anyStory, fc.integer({ min: 1, max: 50 }), (lines, maxOperations) => {
        const steps = stepsOf(lines);
        const { counted, state } = follow(Jobs, steps, { policy: { ...EXPECTED, maxOperations } });
        const told = Object.values(outcomes(counted)).reduce((sum, count) => sum + count, 0);
        expect(told).toBe(steps.filter(({ verdict }) => verdict === 'accepted').length);
        expect(state).toBe('[[],[],[],[]]');
      }),
    );
  });

  it('tells the same after restarts, and if empty slices are judged too', () => {
    fc.assert(
      fc.property(anyStory, (lines) => {
        const steps = stepsOf(lines);
        const expected = follow(Jobs, steps, { until: 3600 });
        expect(follow(Jobs, steps, { until: 3600, restarts: true })).toEqual(expected);
        expect(follow(Jobs, steps, { until: 3600, judgesEmpty: true })).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });
});
