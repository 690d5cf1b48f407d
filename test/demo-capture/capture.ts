// Writes nginx.log and apache.log of the demo anew: real gateways in front of a mock storage API, with the traffic
// of traffic.ts. By hand: npx tsc && node dist/test/demo-capture/capture.js
import { writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { send } from '../gateways/client.js';
import type { Gateway } from '../gateways/gateway.js';
import { startMockApi } from '../gateways/mock-api.js';
import { freePort } from '../harness/free-port.js';
import { answerTo } from './answers.js';
import { startDemoApache, startDemoNginx } from './demo-gateways.js';
import { throughApache, throughNginx, type Caller } from './traffic.js';

const DEMO = 'apps/standalone/demo';
const REVISION = '"00000000-3"';

const mock = await startMockApi();
const refusing = await freePort();
let requests = 0;
try {
  await Promise.all([
    capture('nginx', startDemoNginx(mock.ports, refusing), throughNginx),
    capture('apache', startDemoApache(mock.ports, refusing), throughApache),
  ]);
} finally {
  mock.stop();
}

/** All callers at once, each one request after the other, until the gateway has logged them all. */
async function capture(name: string, starting: Promise<Gateway>, callers: readonly Caller[]): Promise<void> {
  const gateway = await starting;
  try {
    await Promise.all(callers.map((caller) => drive(caller, gateway.port)));
    const sent = callers.reduce((sum, { steps }) => sum + steps.length, 0);
    writeFileSync(`${DEMO}/${name}.log`, await gateway.log(sent), 'latin1');
    process.stdout.write(`${name}.log: ${sent} lines\n`);
  } finally {
    await gateway.stop();
  }
}

async function drive({ agent, host, steps, pauseMs }: Caller, port: number): Promise<void> {
  for (const step of steps) {
    const id = String(++requests);
    const hangUp = step.traits.includes('abort') ? mock.hasHanging(id) : undefined;
    const { method, path } = step;
    const headers = conditionsOf(step.traits);
    await send({ port, method, path, host, userAgent: agent, id, answer: answerTo(step), headers }, hangUp);
    await pause(pauseMs);
  }
}

function conditionsOf(traits: readonly string[]): Record<string, string> {
  const names = ['if-none-match', 'if-match'].filter((name) => traits.includes(name));
  return Object.fromEntries(names.map((name) => [name, REVISION]));
}
