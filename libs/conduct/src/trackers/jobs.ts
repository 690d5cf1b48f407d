import type { JOB_OUTCOMES } from '#metric-names';
import type { Findings } from '../findings.js';
import { ANSWERED_WITHIN_MS } from '../log-times.js';
import type { NotedStep } from '../step.js';
import type { ConductPolicy, Saved, Tracker } from '../tracker.js';
import { AcceptedRequests, type AcceptedRequest } from './accepted-requests.js';
import { Polls } from './polls.js';
import { Remembered } from './remembered.js';

/** A job that somebody has asked for. */
type Job = Readonly<{
  vendor: string;
  polls: number;
  /** When it was asked for last, epoch milliseconds. */
  lastMs: number;
  /** Whether the request that it came from was seen: of other jobs, the first questions may be missing. */
  isWhole: boolean;
}>;

/** What an API answers for a job that it no longer knows. */
const GONE = new Set([404, 410]);

/**
 * Follows each accepted request to the questions for its job. Which job that is, Location tells; where no log has it, the
 * next question for a job that nobody has asked for yet, by the same caller on the same device, is taken for it.
 */
export class Jobs implements Tracker {
  private readonly accepted: AcceptedRequests;
  private readonly jobs: Remembered<number, Job>;
  private readonly polls: Polls;

  constructor(
    private readonly policy: ConductPolicy,
    saved: Saved | undefined,
  ) {
    const [accepted, jobs, polls] = (saved ?? []) as Saved[];
    this.accepted = new AcceptedRequests(policy.jobWithinMs, accepted);
    this.jobs = new Remembered(policy.maxOperations, jobs);
    this.polls = new Polls(policy, polls);
  }

  noted(step: NotedStep, findings: Findings): void {
    if (step.role === 'reads_job') this.ask(step, findings);
    else if (step.verdict === 'accepted') this.accept(step, findings);
  }

  settle(untilMs: number, findings: Findings): void {
    const over = untilMs - this.policy.jobWithinMs - ANSWERED_WITHIN_MS;
    for (const { vendor } of this.accepted.takeUntil(over)) countJob(findings, vendor, 'forgotten');
    for (const [, job] of this.jobs.takeOver(({ lastMs }) => lastMs < over)) countPolls(findings, job);
    this.polls.settle(untilMs);
  }

  save(): Saved {
    return [this.accepted.save(), this.jobs.save(), this.polls.save()];
  }

  private accept(step: NotedStep, findings: Findings): void {
    const { vendor, device, caller, location, startMs, endMs } = step;
    if (!this.policy.jobVendors.has(vendor)) return countJob(findings, vendor, 'not_measurable');
    this.accepted.add({ vendor, device, caller, location, startMs, endMs });
    if (this.accepted.size > this.policy.maxOperations) {
      findings.count('conductSkipped', ['evicted']);
      countJob(findings, this.accepted.takeOldest().vendor, 'not_measurable');
    }
  }

  private ask(step: NotedStep, findings: Findings): void {
    const job = this.jobs.get(step.resource);
    const named = this.accepted.takeNaming(step);
    const probable = named.length === 0 && job === undefined ? this.accepted.takeProbable(step) : undefined;
    const askedFor = probable === undefined ? named : [probable];
    for (const accepted of askedFor) countFirstPoll(findings, accepted, step);
    this.polls.add(step, findings);
    const forgotten = this.jobs.set(step.resource, {
      vendor: step.vendor,
      polls: (job?.polls ?? 0) + 1,
      lastMs: step.endMs,
      isWhole: askedFor.length > 0 || (job?.isWhole ?? false),
    });
    if (forgotten !== undefined) findings.count('conductSkipped', ['evicted']);
  }
}

const countJob = (findings: Findings, vendor: string, outcome: (typeof JOB_OUTCOMES)[number]): void =>
  findings.count('jobs', [vendor, outcome]);

function countFirstPoll(findings: Findings, { vendor, endMs }: AcceptedRequest, question: NotedStep): void {
  countJob(findings, vendor, GONE.has(question.code) ? 'expired' : 'followed');
  findings.observe('jobFirstPoll', [vendor], Math.max(0, question.startMs - endMs));
}

function countPolls(findings: Findings, { vendor, polls, isWhole }: Job): void {
  if (isWhole) findings.observe('jobPolls', [vendor], polls);
}
