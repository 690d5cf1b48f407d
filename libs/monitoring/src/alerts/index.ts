import type { Alert } from '../alert.js';
import { storageApiDown } from './storage-api-down.js';
import { storageApiUnreachable } from './storage-api-unreachable.js';
import { gatewayDown } from './gateway-down.js';
import { gatewayFailing } from './gateway-failing.js';
import { everyCallerHit } from './every-caller-hit.js';
import { deviceMostlyFailing } from './device-mostly-failing.js';
import { deviceSilent } from './device-silent.js';
import { retryStorm } from './retry-storm.js';
import { budgetFastBurn } from './budget-fast-burn.js';
import { budgetSlowBurn } from './budget-slow-burn.js';
import { gatewayBudgetBurn } from './gateway-budget-burn.js';
import { callerBudgetBurn } from './caller-budget-burn.js';
import { throttledBudgetBurn } from './throttled-budget-burn.js';
import { sourceLost } from './source-lost.js';
import { payloadLost } from './payload-lost.js';
import { countsDoNotAddUp } from './counts-do-not-add-up.js';
import { busySustained } from './busy-sustained.js';
import { sessionLimit } from './session-limit.js';
import { sessionsNearLimit } from './sessions-near-limit.js';
import { authenticationBroken } from './authentication-broken.js';
import { credentialsBroken } from './credentials-broken.js';
import { partialSuccessOfWrites } from './partial-success-of-writes.js';
import { partialSuccessOfReads } from './partial-success-of-reads.js';
import { unknownWritesRepeated } from './unknown-writes-repeated.js';
import { throttled } from './throttled.js';
import { throttledConsumers } from './throttled-consumers.js';
import { recoveredFailures } from './recovered-failures.js';
import { contention } from './contention.js';
import { clientFaultSurge } from './client-fault-surge.js';
import { forbiddenRetries } from './forbidden-retries.js';
import { earlyReturns } from './early-returns.js';
import { retryHerd } from './retry-herd.js';
import { jobsForgotten } from './jobs-forgotten.js';
import { jobsPolledTooFast } from './jobs-polled-too-fast.js';
import { undocumentedStatus } from './undocumented-status.js';
import { vendorUnknown } from './vendor-unknown.js';
import { evidenceVanished } from './evidence-vanished.js';
import { latencyHigh } from './latency-high.js';
import { deadBatches } from './dead-batches.js';
import { linesDropped } from './lines-dropped.js';
import { linesRejected } from './lines-rejected.js';
import { ledgerWentBack } from './ledger-went-back.js';
import { rulesOutOfDate } from './rules-out-of-date.js';
import { settingsNotInForce } from './settings-not-in-force.js';
import { ingestRefusing } from './ingest-refusing.js';
import { queueFilling } from './queue-filling.js';
import { repeatsForgotten } from './repeats-forgotten.js';
import { redisMemory } from './redis-memory.js';
import { redisPersistenceFailing } from './redis-persistence-failing.js';
import { clockSkew } from './clock-skew.js';
import { linesLate } from './lines-late.js';
import { callersForgotten } from './callers-forgotten.js';
import { callersBehind } from './callers-behind.js';
import { retryAfterMissing } from './retry-after-missing.js';
import { maintenanceSuspected } from './maintenance-suspected.js';
import { deviceMaintenanceSuspected } from './device-maintenance-suspected.js';
import { maintenanceExplainsFailures } from './maintenance-explains-failures.js';
import { exporterAbsent } from './exporter-absent.js';
import { watchdog } from './watchdog.js';

/** Every alert, pages first. To add one: write its file and its row, and its tests in test/rules. */
export const ALERTS: readonly Alert[] = [
  storageApiDown,
  storageApiUnreachable,
  gatewayDown,
  gatewayFailing,
  everyCallerHit,
  deviceMostlyFailing,
  deviceSilent,
  retryStorm,
  budgetFastBurn,
  budgetSlowBurn,
  gatewayBudgetBurn,
  callerBudgetBurn,
  throttledBudgetBurn,
  sourceLost,
  payloadLost,
  countsDoNotAddUp,
  busySustained,
  sessionLimit,
  sessionsNearLimit,
  authenticationBroken,
  credentialsBroken,
  partialSuccessOfWrites,
  partialSuccessOfReads,
  unknownWritesRepeated,
  throttled,
  throttledConsumers,
  recoveredFailures,
  contention,
  clientFaultSurge,
  forbiddenRetries,
  earlyReturns,
  retryHerd,
  jobsForgotten,
  jobsPolledTooFast,
  undocumentedStatus,
  vendorUnknown,
  evidenceVanished,
  latencyHigh,
  deadBatches,
  linesRejected,
  ledgerWentBack,
  rulesOutOfDate,
  settingsNotInForce,
  ingestRefusing,
  linesDropped,
  queueFilling,
  repeatsForgotten,
  redisMemory,
  redisPersistenceFailing,
  clockSkew,
  linesLate,
  callersForgotten,
  callersBehind,
  retryAfterMissing,
  maintenanceSuspected,
  deviceMaintenanceSuspected,
  maintenanceExplainsFailures,
  exporterAbsent,
  watchdog,
];
