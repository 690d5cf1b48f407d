import { resolve } from 'node:path';
import { z } from 'zod';
import type { KnownFiles } from './known-files.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What a secret may be, where its text is needed. */
export const SECRET_FORMS = [
  z.string().min(1),
  z.strictObject({ env: z.string() }),
  z.strictObject({ file: z.string() }),
] as const;

export const secret = z
  .union(SECRET_FORMS, 'must be a text, { env: NAME } or { file: PATH }')
  .describe('the secret itself, or the environment variable or file that holds it');

type Secret = z.infer<typeof secret>;

/** Where the things are that settings only name. */
export interface Surroundings {
  /** Paths are relative to it. */
  readonly folder: string;
  readonly environment: Environment;
  readonly files: KnownFiles;
}

/** @returns an error with a sentence if it is not where it should be, or empty: whoever sends nothing would know it */
export function readSecret(secret: Secret, { folder, environment, files }: Surroundings): string | Error {
  if (typeof secret === 'string') return secret;
  if ('env' in secret) return filled(`the environment variable ${secret.env}`, environment[secret.env]);
  const text = files.text(resolve(folder, secret.file));
  return text instanceof Error
    ? new Error(`the file ${secret.file} ${text.message}`)
    : filled(`the file ${secret.file}`, text.trim());
}

const filled = (where: string, text: string | undefined): string | Error =>
  text ? text : new Error(`${where} ${text === undefined ? 'is not set' : 'is empty'}`);
