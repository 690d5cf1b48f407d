import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { testProgram } from './programs.js';

const COPIED = [
  'apps',
  'docs',
  'libs',
  'setup',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'statuslens.yaml',
];

/** The project as a newcomer has it after `npm ci`: sources that are not built yet. */
export interface Checkout {
  readonly folder: string;
  /** What its scripts need to find redis-server and promtool without fetching them. */
  readonly env: Record<string, string>;
  remove(): void;
}

export async function checkOut(): Promise<Checkout> {
  const folder = mkdtempSync(join(tmpdir(), 'statuslens-checkout-'));
  for (const name of COPIED)
    cpSync(name, join(folder, name), { recursive: true, filter: (path) => !path.endsWith('.spec.ts') });
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  const { command, env } = await testProgram('redis-server');
  const promtool = await testProgram('promtool');
  return {
    folder,
    env: { ...env, PATH: [dirname(command), dirname(promtool.command), process.env['PATH']].join(':') },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
