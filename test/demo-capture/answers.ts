import type { Answer } from '../gateways/mock-api.js';
import type { Step } from './traffic.js';

const SLOWEST_MS = 90;

/** What the storage API is to answer to a step, in a time and with a body like those of the real one. */
export function answerTo(step: Step): Answer {
  const traits = new Map(step.traits.map((trait) => trait.split('=') as [string, string]));
  const wait = traits.get('retry-after');
  const partial = traits.get('partial');
  const statuses = step.status.split(',').map(Number);
  return {
    statuses,
    headers: {
      ...(wait ? { 'retry-after': wait } : {}),
      ...(partial ? { 'x-partial-success': partial } : {}),
    },
    body: bodyOf(statuses.at(-1) ?? 200, step.path),
    workMs: workOf(step),
    ...(traits.has('hang') || traits.has('abort') ? { instead: 'hang' } : {}),
  };
}

/** How long an answer takes: something of its own for each path, and longer where something is to be changed. */
function workOf({ path, method }: Step): number {
  const spread = [...path].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) % SLOWEST_MS, 7);
  return method === 'GET' ? spread / 3 : spread;
}

function bodyOf(status: number, path: string): string {
  if (status >= 400) return JSON.stringify({ source: path, message: `mock ${status}` });
  const members = path.includes('?') ? 40 : 1;
  return JSON.stringify({ data: Array.from({ length: members }, (_, id) => ({ id, status: 'Normal' })) });
}
