import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FloorFile } from './floor-file.js';
import type { Floor } from './floor.js';

const FLOOR: Floor = {
  began: 1_795_246_760_513_001,
  at: 1_795_246_760_513_002,
  revision: 7,
  regressions: 1,
  shown: new Map([
    ['lines|edge|classified', 2 ** 53 - 1],
    ['duration|edge|otc-dcs|ok|read|sum', 3],
  ]),
  offsets: new Map([['lines|edge|classified', -5]]),
  recovery: { endedBefore: 4, backlog: 2 },
};

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'statuslens-floor-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const file = (): FloorFile => new FloorFile(join(folder, 'a', 'b'));

it.each([FLOOR, { ...FLOOR, recovery: undefined }])('gives back what was saved', async (floor) => {
  await file().prepare();
  await file().save(floor);
  expect(await file().load()).toEqual(floor);
  expect(readdirSync(join(folder, 'a', 'b'))).toEqual(['floor.json']);
});

it('has nothing before anything was saved', async () => {
  expect(await file().load()).toBeUndefined();
});

it('gives back the last whole one when a writer died', async () => {
  await file().prepare();
  await file().save(FLOOR);
  writeFileSync(`${file().path}.new`, readFileSync(file().path, 'utf8').slice(0, 99));
  expect(await file().load()).toEqual(FLOOR);
  await file().save({ ...FLOOR, revision: 8 });
  expect((await file().load())?.revision).toBe(8);
});

const FRACTIONS =
  '{"version":1,"began":1,"at":2,"revision":3,"regressions":0,"shown":{"lines|edge|classified":0.5},"offsets":{}}';

it.each(['', '{"version":1', '{"version":2}', '[]', FRACTIONS])(
  'refuses %p, and takes it out of the way',
  async (text) => {
    await file().prepare();
    writeFileSync(file().path, text);
    await expect(file().load()).rejects.toThrow();
    expect(readFileSync(await file().setAside(), 'utf8')).toBe(text);
    expect(await file().load()).toBeUndefined();
  },
);

it('says so where no folder can be', async () => {
  writeFileSync(join(folder, 'a'), 'a file');
  await expect(file().prepare()).rejects.toThrow(/ENOTDIR|EEXIST/);
  await expect(file().save(FLOOR)).rejects.toThrow(/ENOTDIR|EEXIST/);
  expect(await file().load()).toBeUndefined();
});
