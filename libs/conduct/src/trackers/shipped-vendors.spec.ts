import { readFileSync, readdirSync } from 'node:fs';
import { Catalogue, loadVendor, type VendorFile } from '#catalogue';
import { Conduct, StepWriter, suspectedMaintenance, vendorFacts, type Piece } from '#conduct';
import { SourceReader, lensOf } from '#verdict';
import { EXPECTED } from '../../../../test/harness/following.js';

const VENDORS = 'libs/catalogue/vendors';
const files = readdirSync(VENDORS).map(
  (name) => loadVendor(name, readFileSync(`${VENDORS}/${name}`, 'utf8')) as VendorFile,
);
const lens = lensOf(new Catalogue(files));
const POLICY = { ...EXPECTED, ...vendorFacts(files) };

const CM = '/ConfigurationManager/v1/objects/storages/800000012345';
const HSAE = '/ConfigurationManager/simple/v1/objects';
const DCS = '/v2/0123';

/** `0 POST /path 202` or `bob 0 POST /path 202`, second by second; a log with whole seconds and no Location. */
function combined(request: string): string {
  const [, caller = 'ann', second, method, path, code] = /^(\w+ )?(\d+) (\w+) (\S+) (\d+)$/.exec(request)!;
  const time = new Date(Date.UTC(2026, 10, 21, 8) + Number(second) * 1000).toISOString().slice(11, 19);
  return `10.0.0.1 - ${caller.trim()} [21/Nov/2026:${time} +0000] "${method} ${path} HTTP/1.1" ${code} 312 "-" "sdk"\n`;
}

/** What a batch has of each slice. */
function piecesOf(vendor: string, requests: readonly string[]): Piece[] {
  const reader = new SourceReader(lens, { vendor, format: 'combined' });
  const writer = new StepWriter(lens, reader.consumers, Date.UTC(2026, 10, 22));
  const open = reader.begin(
    {
      classify: (cell, request) => writer.add(cell, request),
      ignore: () => undefined,
      pass: () => undefined,
    },
    65_536,
  );
  open.push(Buffer.from(requests.map(combined).join('')));
  open.end();
  return writer.pieces();
}

/** What is counted of a day that begins with these requests: `jobs followed`, without source and vendor. */
function counted(vendor: string, requests: readonly string[]): Record<string, number> {
  const conduct = new Conduct('log', POLICY);
  const sums: Record<string, number> = {};
  const add = (slice: number, steps: readonly Uint8Array[]): void => {
    for (const [field, amount] of conduct.judge(slice, steps).additions) {
      const [metric, , , outcome] = field.split('|');
      if (!['jobs', 'authentication', 'sessions'].includes(metric!)) continue;
      sums[`${metric} ${outcome}`] = (sums[`${metric} ${outcome}`] ?? 0) + amount;
    }
  };
  const pieces = piecesOf(vendor, requests);
  for (const { slice, steps } of pieces) add(slice, [steps]);
  add(pieces.at(-1)!.slice + 8640, []);
  return sums;
}

describe('of a log with nothing but whole seconds, and the vendors that come with statuslens', () => {
  it.each<[string, string, string[], Record<string, number>]>([
    [
      'a job of Configuration Manager',
      'hitachi-opscenter-cm',
      [`0 POST ${CM}/ldevs 202`, `0 GET ${CM}/jobs/17 200`, `5 GET ${CM}/jobs/17 200`],
      { 'jobs followed': 1 },
    ],
    [
      'one that nobody asks for',
      'hitachi-opscenter-cm',
      [`0 POST ${CM}/ldevs 202`, `5 GET ${CM}/ldevs/17 200`],
      { 'jobs forgotten': 1 },
    ],
    [
      'a job of Storage Advisor Embedded',
      'hitachi-hsae',
      [`0 POST ${HSAE}/volumes 202`, `3 GET ${HSAE}/command-status/3 200`],
      { 'jobs followed': 1 },
    ],
    [
      'a job of DCS, of which the path does not name the instance',
      'otc-dcs',
      [`0 POST ${DCS}/instances 200`, `3 GET ${DCS}/jobs/8abf 404`],
      { 'jobs expired': 1 },
    ],
    [
      'a job of Huawei Cloud, of which no place is known',
      'huawei-cloud',
      ['0 POST /v1/0123/things 202', '3 GET /v1/0123/jobs/1 200'],
      { 'jobs not_measurable': 1 },
    ],
    [
      'a token that is renewed within the second',
      'hitachi-opscenter-cm',
      [`0 GET ${CM}/ldevs 401`, `0 POST ${CM}/sessions 200`, `0 GET ${CM}/ldevs 200`],
      { 'authentication renewed': 1, 'sessions opened': 1, 'sessions left_open': 1 },
    ],
    [
      'credentials that do not hold',
      'hitachi-opscenter-cm',
      [`0 POST ${CM}/sessions 401`, `30 POST ${CM}/sessions 401`],
      { 'authentication broken': 1 },
    ],
    [
      'a session that is closed',
      'hitachi-opscenter-cm',
      [`0 POST ${CM}/sessions 200`, `9 DELETE ${CM}/sessions/3 200`],
      { 'sessions opened': 1, 'sessions closed': 1 },
    ],
  ])('tells %s', (_, vendor, requests, expected) => {
    expect(counted(vendor, requests)).toEqual(expected);
  });

  it('tells maintenance of an array at once, and its end', () => {
    const refused = Array.from({ length: 90 }, (_, second) => [
      `ann ${second} GET ${CM}/ldevs 503`,
      `bob ${second} GET ${CM}/pools 503`,
      `eve ${second} GET ${CM}/ports 503`,
    ]).flat();
    const suspected = (requests: readonly string[]) =>
      suspectedMaintenance(
        piecesOf('hitachi-opscenter-cm', requests).flatMap(({ glances }) => glances),
        POLICY,
        Date.UTC(2026, 10, 21, 8, 1, 40),
      );
    const array = { vendor: 'hitachi-opscenter-cm', device: '800000012345' };
    expect(suspected(refused)).toEqual([{ ...array, isSuspected: true }]);
    expect(suspected([...refused, `95 GET ${CM}/ldevs 200`])).toEqual([{ ...array, isSuspected: false }]);
  });
});
