import type { Settings } from '#settings';
import { withoutStandingGauges } from './standing-gauges.js';

const counters = new Map([
  ['maintenance|s|v|d', 1],
  ['maintenance|gone|v|d', 1],
  ['retries|gone|v|503|never', 2],
  ['lastEvent|gone', 3],
  ['of a newer version', 4],
]);
const settings = (enabled: boolean) =>
  ({ conduct: { enabled }, sources: new Map([['s', {}]]) }) as unknown as Settings;

it.each([
  [true, [1, 2, 3, 4]],
  [false, [2, 3, 4]],
])('gauges of callers are shown while they are followed: %s', (enabled, shown) => {
  expect([...withoutStandingGauges(counters, settings(enabled)).values()]).toEqual(shown);
});
