import { readFileSync } from 'node:fs';

/** Version of statuslens, from package.json; dist/ lies beside it. */
export const VERSION = (
  JSON.parse(readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  }
).version;
