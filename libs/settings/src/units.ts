import { z } from 'zod';

const MILLISECONDS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const BYTES = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 } as const;

/** A duration such as `5m` or `96h`, in milliseconds. */
export const duration = (about: string) =>
  z
    .string()
    .regex(/^\d+(ms|s|m|h|d)$/, 'must be a number and a unit: ms, s, m, h or d, such as 5m')
    .describe(about)
    .transform((text, context) => scaled(text, MILLISECONDS, context));

/** A size such as `16MiB`, in bytes. */
export const size = (about: string) =>
  z
    .string()
    .regex(/^\d+(B|KiB|MiB|GiB)$/, 'must be a number and a unit: B, KiB, MiB or GiB, such as 16MiB')
    .describe(about)
    .transform((text, context) => scaled(text, BYTES, context));

function scaled<U extends string>(
  text: string,
  units: Readonly<Record<U, number>>,
  context: z.core.$RefinementCtx,
): number {
  const unit = text.replace(/^\d+/, '') as U;
  const value = Number.parseInt(text, 10) * units[unit];
  if (!Number.isSafeInteger(value))
    context.addIssue({ code: 'custom', message: 'is too large to count with' });
  return value;
}
