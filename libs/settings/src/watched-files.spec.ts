import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../../test/harness/until.js';
import { WatchedFiles, foldersOnTheWay } from './watched-files.js';

describe('watched files', () => {
  let folder: string;
  let watched: WatchedFiles;
  let paths: string[];
  let changes: number;

  const file = (name: string): string => join(folder, name);
  const watch = (...names: string[]): void => {
    paths = names.map(file);
    changes = 0;
    watched = new WatchedFiles(
      () => paths,
      () => changes++,
      (where, error) => {
        throw new Error(`${where}: ${error.message}`);
      },
    );
  };
  /** Told once for a change, however many events it makes. */
  const told = async (): Promise<void> => {
    await until('the change is told', () => changes > 0);
    expect(changes).toBe(1);
    changes = 0;
  };

  beforeEach(() => (folder = realpathSync(mkdtempSync(join(tmpdir(), 'statuslens-watched-')))));
  afterEach(() => {
    watched.close();
    rmSync(folder, { recursive: true });
  });

  it('are seen to be written, replaced, removed and back', async () => {
    writeFileSync(file('a'), '1');
    watch('a');
    appendFileSync(file('a'), '2');
    await told();
    writeFileSync(file('b'), '2');
    renameSync(file('b'), file('a'));
    await told();
    rmSync(file('a'));
    await told();
    writeFileSync(file('a'), '3');
    await told();
  });

  it('are told once they have come to rest, and their neighbours never', async () => {
    writeFileSync(file('a'), '');
    watch('a');
    writeFileSync(file('other'), 'x');
    for (let piece = 0; piece < 5; piece++) appendFileSync(file('a'), 'x'.repeat(1000));
    await told();
    writeFileSync(file('other'), 'y');
    appendFileSync(file('a'), 'y');
    await told();
  });

  it('are seen through the links of a Kubernetes volume', async () => {
    for (const revision of ['..1', '..2']) {
      mkdirSync(file(revision));
      writeFileSync(join(file(revision), 'a'), revision);
    }
    symlinkSync('..1', file('..data'));
    symlinkSync('..data/a', file('a'));
    watch('a');
    expect(foldersOnTheWay(file('a'))).toEqual([folder, folder, file('..1')]);
    symlinkSync('..2', file('..data_tmp'));
    renameSync(file('..data_tmp'), file('..data'));
    rmSync(file('..1'), { recursive: true });
    await told();
    appendFileSync(join(file('..2'), 'a'), 'x');
    await told();
  });

  it('may appear in a folder that is not there yet', async () => {
    watch('later/a');
    mkdirSync(file('later'));
    writeFileSync(file('later/a'), '1');
    await told();
    appendFileSync(file('later/a'), '2');
    await told();
  });

  it('are seen in a folder that is replaced as a whole', async () => {
    for (const [name, text] of Object.entries({ now: '1', next: '2' })) {
      mkdirSync(file(name));
      writeFileSync(file(`${name}/a`), text);
    }
    watch('now/a');
    renameSync(file('now'), file('before'));
    renameSync(file('next'), file('now'));
    await told();
    appendFileSync(file('now/a'), '3');
    await told();
  });

  it('may be others after a change', async () => {
    writeFileSync(file('a'), '1');
    writeFileSync(file('b'), '1');
    watch('a');
    paths.push(file('b'));
    appendFileSync(file('a'), '2');
    await told();
    appendFileSync(file('b'), '2');
    await told();
  });

  it('behind links in a circle are nowhere, and do no harm', () => {
    symlinkSync('b', file('a'));
    symlinkSync('a', file('b'));
    watch('a');
    expect(new Set(foldersOnTheWay(file('a')))).toEqual(new Set([folder]));
  });
});
