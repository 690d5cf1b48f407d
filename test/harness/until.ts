import { setTimeout as pause } from 'node:timers/promises';
import { inspect } from 'node:util';

const POLL_MS = 20;

/**
 * Asks again and again until a condition holds, and resolves to its (truthy) value. A condition that throws
 * does not hold yet.
 */
export async function until<Value>(
  description: string,
  condition: () => Value | Promise<Value>,
  { timeoutMs = 10_000 } = {},
): Promise<NonNullable<Value>> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const attempt = await tried(condition);
    if ('value' in attempt && attempt.value) return attempt.value;
    if (Date.now() > deadline) throw late(description, timeoutMs, attempt);
    await pause(POLL_MS);
  }
}

type Attempt<Value> = { value: Value } | { error: unknown };

async function tried<Value>(condition: () => Value | Promise<Value>): Promise<Attempt<Value>> {
  try {
    return { value: await condition() };
  } catch (error) {
    return { error };
  }
}

function late(description: string, timeoutMs: number, last: Attempt<unknown>): Error {
  const cause = 'error' in last ? last.error : undefined;
  const seen = cause instanceof Error ? cause.message : inspect('value' in last ? last.value : cause);
  return new Error(`Waited ${timeoutMs} ms in vain until ${description}; last seen: ${seen}`, { cause });
}
