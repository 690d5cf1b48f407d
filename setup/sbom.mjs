// @ts-check
// Writes what statuslens consists of when it runs, as CycloneDX, from package-lock.json alone.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';
import { say } from './say.mjs';

const FILE = 'statuslens.cdx.json';

const bom = JSON.parse(
  execFileSync(
    'npm',
    ['sbom', '--sbom-format=cyclonedx', '--sbom-type=application', '--omit=dev', '--package-lock-only'],
    { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 },
  ),
);

// npm gives every list a time and a number of its own: without them the same lock makes the same file
delete bom.metadata.timestamp;
delete bom.serialNumber;
const hex = createHash('sha256').update(JSON.stringify(bom)).digest('hex');
const parts = [
  hex.slice(0, 8),
  hex.slice(8, 12),
  `8${hex.slice(13, 16)}`,
  `8${hex.slice(17, 20)}`,
  hex.slice(20, 32),
];
bom.serialNumber = `urn:uuid:${parts.join('-')}`;

writeFileSync(join(root, FILE), `${JSON.stringify(bom, undefined, 2)}\n`);
say(`${FILE} lists ${bom.components.length} packages`);
