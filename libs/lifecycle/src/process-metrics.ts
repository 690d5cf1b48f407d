import { collectDefaultMetrics, type Registry } from 'prom-client';

/** Older twins of metrics that are there under better names; promtool rejects gauges that end in `_total`. */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

/** Adds what Node tells of the process (CPU, memory, event loop) to a registry; call it once per process. */
export function collectProcessMetrics(register: Registry): void {
  collectDefaultMetrics({ register });
  for (const name of MISNAMED) register.removeSingleMetric(name);
}
