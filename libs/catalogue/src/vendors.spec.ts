import { readFileSync, readdirSync } from 'node:fs';
import { describeMistake } from './checked-yaml.js';
import { loadVendor } from './load-vendor.js';
import type { VendorFile } from './vendor-file.js';

const FOLDER = 'libs/catalogue/vendors';
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));

function load(name: string): VendorFile {
  const loaded = loadVendor(name, readFileSync(`${FOLDER}/${name}`, 'utf8'));
  if (Array.isArray(loaded)) throw new Error(loaded.map(describeMistake).join('\n'));
  return loaded;
}

/** The rows of a file as lines of the golden table: `vendor code reason responsible action basis`. */
const rowsOf = ({ vendor, statuses }: VendorFile): string[] =>
  Object.entries(statuses).map(([code, { reason, responsible, action, basis }]) =>
    [vendor, code, reason, responsible, action, basis].join(' '),
  );

describe('the shipped vendor files', () => {
  const golden = readFileSync('libs/catalogue/test-data/vendor-rows.txt', 'utf8').trim().split('\n');

  it.each(FILES)('load without a mistake, and their examples hold: %s', (name) => {
    expect(`${load(name).vendor}.yaml`).toBe(name);
  });

  it('are checked against a golden table of 129 different rows', () => {
    expect(new Set(golden.map((row) => row.split(' ', 2).join(' '))).size).toBe(129);
    expect(golden).toHaveLength(129);
  });

  it('read every row of the golden table as it does', () => {
    const rows = new Set(FILES.flatMap((name) => rowsOf(load(name))));
    expect(golden.filter((row) => !rows.has(row))).toEqual([]);
  });

  it('list nothing beyond the golden table but the implicit 200 of Huawei Cloud', () => {
    const known = new Set(golden);
    const beyond = FILES.flatMap((name) => rowsOf(load(name))).filter((row) => !known.has(row));
    expect(beyond).toEqual(['huawei-cloud 200 success nobody none implied']);
  });
});
