import type { Target } from '../target.js';
import { commandLineTargets } from './command-line.js';
import { elasticsearchTargets } from './elasticsearch.js';
import { autoEvents, events } from './events.js';
import { formatTargets } from './formats.js';
import { forwardTargets } from './forward.js';
import { lumberjack } from './lumberjack.js';
import { hecTargets } from './hec.js';
import { lokiAndOtlpTargets } from './loki-and-otlp.js';
import { payloadTargets } from './payloads.js';
import { requestTargets } from './requests.js';
import { shownTargets } from './shown.js';
import { source } from './sources.js';
import { storedTargets } from './stored.js';
import { syslogTargets } from './syslog.js';
import { yamlTargets } from './yaml-files.js';

/** Everything that takes bytes from strangers. */
export const TARGETS: readonly Target[] = [
  ...formatTargets,
  events,
  autoEvents,
  source,
  ...requestTargets,
  ...elasticsearchTargets,
  ...hecTargets,
  ...payloadTargets,
  ...syslogTargets,
  ...forwardTargets,
  lumberjack,
  ...lokiAndOtlpTargets,
  ...storedTargets,
  ...yamlTargets,
  ...commandLineTargets,
  ...shownTargets,
];
