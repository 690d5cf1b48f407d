import { access, constants, mkdir, open, readFile, rename, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Counters, Floor } from './floor.js';

const NAME = 'floor.json';
const VERSION = 1;

/** Sums of microseconds may be larger than `z.int()` allows. */
const whole = z.number().refine(Number.isInteger, 'must be a whole number');

const counters = z.record(z.string(), whole).transform((fields) => new Map(Object.entries(fields)));

const fileSchema = z
  .strictObject({
    version: z.literal(VERSION),
    began: whole,
    at: whole,
    revision: whole,
    regressions: whole,
    recovery: z.strictObject({ endedBefore: whole, backlog: whole }).optional(),
    shown: counters,
    offsets: counters,
  })
  .transform(({ began, at, revision, regressions, recovery, shown, offsets }): Floor => ({
    began,
    at,
    revision,
    regressions,
    recovery,
    shown,
    offsets,
  }));

/** The floor of this exporter on its own disk: what a Redis loses must not be lost with it. */
export class FloorFile {
  readonly path: string;

  constructor(private readonly folder: string) {
    this.path = join(folder, NAME);
  }

  /** @throws if nothing can be written there */
  async prepare(): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await access(this.folder, constants.W_OK);
  }

  /** @returns undefined where there is none yet @throws if there is one that cannot be read */
  async load(): Promise<Floor | undefined> {
    const text = await readFile(this.path, 'utf8').catch(absent);
    return text === undefined ? undefined : fileSchema.parse(JSON.parse(text));
  }

  /** Takes a file that cannot be read out of the way. @returns where it lies now */
  async setAside(): Promise<string> {
    const aside = `${this.path}.unreadable`;
    await rename(this.path, aside);
    return aside;
  }

  /** Replaces the whole file or, if that fails or is interrupted, nothing of it. Then it outlives a loss of power. */
  async save(floor: Floor): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const next = `${this.path}.new`;
    await synced(next, 'w', (file) => file.writeFile(textOf(floor)));
    await rename(next, this.path);
    await synced(this.folder, 'r'); // its new name, too
  }
}

async function synced(
  path: string,
  flags: 'w' | 'r',
  write: (file: FileHandle) => Promise<void> = async () => {},
): Promise<void> {
  const file = await open(path, flags, 0o600);
  try {
    await write(file);
    await file.sync();
  } finally {
    await file.close();
  }
}

const textOf = ({ shown, offsets, ...rest }: Floor): string =>
  JSON.stringify({ version: VERSION, ...rest, shown: plain(shown), offsets: plain(offsets) });

const plain = (map: Counters): Record<string, number> => Object.fromEntries(map);

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw error;
}
