import type { JOB_OUTCOMES } from '#metric-names';
import type { Findings } from '../findings.js';
import { ANSWERED_WITHIN_MS } from '../log-times.js';
import type { NotedStep } from '../step.js';
import type { ConductPolicy, SavedLists, Tracker } from '../tracker.js';
import { AcceptedRequests, type AcceptedRequest } from './accepted-requests.js';
import { EarlyQuestions, type Question } from './early-questions.js';
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
  private readonly early: EarlyQuestions;

  constructor(
    private readonly policy: ConductPolicy,
    saved: SavedLists | undefined,
  ) {
    const [accepted, jobs, polls, early] = saved ?? [];
    this.accepted = new AcceptedRequests(policy.jobWithinMs, accepted);
    this.jobs = new Remembered(policy.maxOperations, jobs);
    this.polls = new Polls(policy, polls);
    this.early = new EarlyQuestions(policy.maxOperations, early);
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
    this.early.settle(untilMs);
  }

  save(): SavedLists {
    return [this.accepted.save(), this.jobs.save(), this.polls.save(), this.early.save()];
  }

  private accept(step: NotedStep, findings: Findings): void {
    const { vendor, device, caller, location, startMs, endMs } = step;
    if (!this.policy.jobVendors.has(vendor)) return countJob(findings, vendor, 'not_measurable');
    const accepted = { vendor, device, caller, location, startMs, endMs };
    const question = this.early.takeAbout(accepted);
    if (question !== undefined) return this.follow(accepted, question, findings);
    this.accepted.add(accepted);
    if (this.accepted.size > this.policy.maxOperations) {
      findings.count('conductSkipped', ['evicted']);
      countJob(findings, this.accepted.takeOldest().vendor, 'not_measurable');
    }
  }

  private ask(step: NotedStep, findings: Findings): void {
    this.polls.add(step, findings);
    const { vendor, resource, endMs } = step;
    const job = this.jobs.get(resource) ?? { vendor, polls: 0, isWhole: false };
    this.keep(resource, { ...job, polls: job.polls + 1, lastMs: endMs }, findings);
    const named = this.accepted.takeNaming(step);
    for (const accepted of named) this.follow(accepted, step, findings);
    if (named.length > 0 || job.polls > 0) return;
    const probable = this.accepted.takeProbable(step);
    if (probable !== undefined) this.follow(probable, step, findings);
    else this.early.add(step, findings);
  }

  private follow(accepted: AcceptedRequest, question: Question, findings: Findings): void {
    countFirstPoll(findings, accepted, question);
    const job = this.jobs.get(question.resource);
    if (job !== undefined) this.jobs.replace(question.resource, { ...job, isWhole: true });
  }

  private keep(resource: number, job: Job, findings: Findings): void {
    if (this.jobs.set(resource, job) !== undefined) findings.count('conductSkipped', ['evicted']);
  }
}

const countJob = (findings: Findings, vendor: string, outcome: (typeof JOB_OUTCOMES)[number]): void =>
  findings.count('jobs', [vendor, outcome]);

function countFirstPoll(findings: Findings, { vendor, endMs }: AcceptedRequest, question: Question): void {
  countJob(findings, vendor, GONE.has(question.code) ? 'expired' : 'followed');
  findings.observe('jobFirstPoll', [vendor], Math.max(0, question.startMs - endMs));
}

function countPolls(findings: Findings, { vendor, polls, isWhole }: Job): void {
  if (isWhole) findings.observe('jobPolls', [vendor], polls);
}
