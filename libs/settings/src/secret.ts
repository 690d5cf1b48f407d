import { resolve } from 'node:path';
import { z } from 'zod';
import type { KnownFiles } from './known-files.js';

export type Environment = Readonly<Record<string, string | undefined>>;

export const secret = z
  .union(
    [z.string().min(1), z.strictObject({ env: z.string() }), z.strictObject({ file: z.string() })],
    'must be a text, { env: NAME } or { file: PATH }',
  )
  .describe('the secret itself, or the environment variable or file that holds it');

type Secret = z.infer<typeof secret>;

/** Where the things are that settings only name. */
export interface Surroundings {
  /** Paths are relative to it. */
  readonly folder: string;
  readonly environment: Environment;
  readonly files: KnownFiles;
}

/** @returns an error with a sentence if it is not where it should be */
export function readSecret(
  secret: Secret | undefined,
  { folder, environment, files }: Surroundings,
): string | undefined | Error {
  if (secret === undefined || typeof secret === 'string') return secret;
  if ('env' in secret)
    return environment[secret.env] ?? new Error(`the environment variable ${secret.env} is not set`);
  const text = files.text(resolve(folder, secret.file));
  return text instanceof Error ? new Error(`the file ${secret.file} ${text.message}`) : text.trim();
}
