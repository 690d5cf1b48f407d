// @ts-check
// Writes nginx.log and apache.log anew: real gateways in front of a mock storage API, with the traffic of
// capture/traffic.mjs. By hand, on Debian: node apps/standalone/demo/capture.mjs
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { send } from './capture/client.mjs';
import { startApache, startNginx } from './capture/gateways.mjs';
import { startMock } from './capture/mock-api.mjs';
import { throughApache, throughNginx } from './capture/traffic.mjs';
import { until } from './capture/until.mjs';

/** @typedef {import('./capture/gateways.mjs').Gateway} Gateway */
/** @typedef {import('./capture/traffic.mjs').Caller} Caller */

const folder = mkdtempSync(join(tmpdir(), 'statuslens-capture-'));
const mock = await startMock();
let requests = 0;
/** @type {Gateway[]} */
const gateways = [];
try {
  gateways.push(await startNginx(folder, mock.ports));
  gateways.push(await startApache(folder, mock.ports));
  const [nginx, apache] = /** @type {[Gateway, Gateway]} */ (gateways);
  await Promise.all([capture(nginx, throughNginx), capture(apache, throughApache)]);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  for (const gateway of gateways) await gateway.stop();
  mock.stop();
  rmSync(folder, { recursive: true });
}

/**
 * All callers at once, each one request after the other, until the gateway has logged them all.
 * @param {Gateway} gateway
 * @param {Caller[]} callers
 */
async function capture({ name, port, log }, callers) {
  await Promise.all(callers.map((caller) => drive(caller, port)));
  const sent = callers.reduce((sum, { steps }) => sum + steps.length, 0);
  await until(() => linesOf(log) >= sent, `${sent} lines in ${log}`);
  copyFileSync(log, new URL(`${name}.log`, import.meta.url));
  process.stdout.write(`${name}.log: ${linesOf(log)} lines\n`);
}

/**
 * @param {Caller} caller
 * @param {number} port
 */
async function drive({ agent, host, steps, pauseMs }, port) {
  for (const step of steps) {
    const id = String(++requests);
    const hangUp = step.traits.includes('abort') ? mock.hasHanging(id) : undefined;
    await send({ ...step, id, agent, host, port }, hangUp);
    await pause(pauseMs);
  }
}

/** @param {string} log */
function linesOf(log) {
  return readFileSync(log, 'latin1').split('\n').length - 1;
}
