/** How two values of one step are one: amounts are added up, of what a gauge was the newer stays. */
type Join = (older: number, newer: number) => number;
const SUM: Join = (older, newer) => older + newer;
const NEWER: Join = (_, newer) => newer;

/** What a field of the ledger grew by in steps of time, or for gauges what it was; in the order of time. */
interface Points {
  readonly join: Join;
  steps: number[];
  values: number[];
}

/** So many points are kept, some 20 bytes each. */
const MOST_POINTS = 4_000_000;

/** How the ledger grew step by step. If that becomes too much to keep, steps become twice as long. */
export class StepPoints {
  private readonly fields = new Map<string, Points>();
  private count = 0;
  private length: number;

  /** @param stepMs how long a step is at first */
  constructor(
    stepMs: number,
    private readonly most = MOST_POINTS,
  ) {
    this.length = stepMs;
  }

  /** How long a step is now. */
  get stepMs(): number {
    return this.length;
  }

  /** When the step of a moment begins, epoch milliseconds. */
  startOf(timeMs: number): number {
    return this.stepOf(timeMs) * this.length;
  }

  /** What a field grew by. */
  add(field: string, timeMs: number, amount: number): void {
    this.put(field, timeMs, amount, SUM);
  }

  /** What a gauge is from now on. */
  set(field: string, timeMs: number, value: number): void {
    this.put(field, timeMs, value, NEWER);
  }

  /**
   * Starts and ends of the steps in which anything happened, and of those within so long afterwards, in order and in steps.
   * A line with a wrong clock adds a few of them, not the years between.
   */
  moments(quietMs: number): number[] {
    const busy = new Set<number>();
    for (const { steps } of this.fields.values()) for (const step of steps) busy.add(step);
    const quiet = Math.max(1, Math.ceil(quietMs / this.length));
    const moments: number[] = [];
    for (const step of [...busy].sort((a, b) => a - b)) {
      const reached = moments.at(-1) ?? step - 1;
      for (let moment = reached + 1; moment <= Math.min(step, reached + quiet); moment++)
        moments.push(moment);
      if (moments.at(-1) !== step) moments.push(step);
      moments.push(step + 1);
    }
    return moments;
  }

  get names(): string[] {
    return [...this.fields.keys()];
  }

  pointsOf(field: string): Pick<Points, 'steps' | 'values'> {
    return this.fields.get(field)!;
  }

  private stepOf(timeMs: number): number {
    return Math.floor(timeMs / this.length);
  }

  private put(field: string, timeMs: number, value: number, join: Join): void {
    const step = this.stepOf(timeMs);
    const { steps, values } = this.fields.get(field) ?? this.begin(field, join);
    let at = steps.length;
    while (at > 0 && steps[at - 1]! > step) at--;
    if (at > 0 && steps[at - 1] === step) {
      values[at - 1] = join(values[at - 1]!, value);
      return;
    }
    if (at === steps.length) {
      steps.push(step);
      values.push(value);
    } else {
      steps.splice(at, 0, step);
      values.splice(at, 0, value);
    }
    this.count++;
    // a field has one point at least
    while (this.count > this.most && this.count > this.fields.size) this.lengthen();
  }

  private begin(field: string, join: Join): Points {
    const points: Points = { join, steps: [], values: [] };
    this.fields.set(field, points);
    return points;
  }

  private lengthen(): void {
    this.length *= 2;
    this.count = 0;
    for (const points of this.fields.values()) {
      const { join, steps, values } = points;
      points.steps = [];
      points.values = [];
      steps.forEach((narrow, i) => {
        const step = Math.floor(narrow / 2);
        const last = points.steps.length - 1;
        if (points.steps[last] === step) points.values[last] = join(points.values[last]!, values[i]!);
        else {
          points.steps.push(step);
          points.values.push(values[i]!);
        }
      });
      this.count += points.steps.length;
    }
  }
}
