import type { FiringAlert } from './firing-alerts.js';
import type { Finding } from './finding.js';
import type { ExpectedAlert, ExpectedAlerts } from './test-file.js';

/** It always fires, and tells nothing of the log. */
const ALWAYS = 'Watchdog';

/** Where alerts did not fire, or fired, against what is expected. */
export function alertFindings(
  { firing: expected, quiet, only }: ExpectedAlerts,
  firing: readonly FiringAlert[],
): Finding[] {
  const missing = missingAlerts(expected, firing);
  const loud = quiet.flatMap((one) => firing.filter((alert) => is(alert, one)));
  const others = firing.filter(
    (alert) => only && alert['alertname'] !== ALWAYS && !expected.some((one) => is(alert, one)),
  );
  return [
    ...missing.map((one) => finding(nameOf(one), `expected to fire; ${insteadOf(one, firing)}`)),
    ...loud.map((alert) =>
      finding(alert['alertname']!, `expected to be quiet; it fires with ${told(alert)}`),
    ),
    ...others
      .filter((alert) => !loud.includes(alert))
      .map((alert) => finding(alert['alertname']!, `not expected; it fires with ${told(alert)}`)),
  ];
}

/** Those that should have fired. */
export const missingAlerts = (
  expected: readonly ExpectedAlert[],
  firing: readonly FiringAlert[],
): ExpectedAlert[] => expected.filter((one) => !firing.some((alert) => is(alert, one)));

const finding = (name: string, text: string): Finding => ({ of: 'alert', name, text });

const is = (alert: FiringAlert, { alert: name, labels }: ExpectedAlert): boolean =>
  alert['alertname'] === name && Object.entries(labels).every(([label, value]) => alert[label] === value);

/** The nearest thing that did happen. */
function insteadOf({ alert: name }: ExpectedAlert, firing: readonly FiringAlert[]): string {
  const namesakes = firing.filter((alert) => alert['alertname'] === name);
  if (namesakes.length > 0) return `it fires with ${namesakes.map(told).join(' and with ')}`;
  const names = new Set(firing.map((alert) => alert['alertname']!));
  names.delete(ALWAYS);
  return `it was quiet; firing: ${names.size > 0 ? [...names].sort().join(', ') : 'none'}`;
}

const nameOf = ({ alert, labels }: ExpectedAlert): string =>
  Object.keys(labels).length > 0 ? `${alert}{${pairs(labels)}}` : alert;

const told = (alert: FiringAlert): string =>
  pairs(Object.fromEntries(Object.entries(alert).filter(([label]) => label !== 'alertname')));

const pairs = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
    .join(', ');
