import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import type { DashboardScope } from '../dashboard-scope.js';
import { incident } from './incident.js';
import { pipeline } from './pipeline.js';
import { retries } from './retries.js';
import { retryBehaviour } from './retry-behaviour.js';
import { slo } from './slo.js';
import { vendor } from './vendor.js';

/** Every dashboard by the name of its file. To add one: write its file and its row. */
export const DASHBOARDS: Readonly<Record<string, (scope: DashboardScope) => Dashboard>> = {
  incident,
  vendor,
  'retry-behaviour': retryBehaviour,
  retries,
  slo,
  pipeline,
};
