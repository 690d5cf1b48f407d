import { existsSync, readlinkSync, statSync, watch, type FSWatcher } from 'node:fs';
import { dirname, join, parse, resolve, sep } from 'node:path';

/** So long files must stay the same before they are read: an editor may still be writing. */
const SETTLED_MS = 100;

/** More links than this are a circle. */
const MOST_LINKS = 40;

/**
 * Tells when one of some files has become another. It watches folders, not files: editors replace a file by renaming
 * another, and Kubernetes exchanges a link (`..data`) on the way to it.
 */
export class WatchedFiles {
  /** By {@link identityOf} their folders. */
  private readonly watchers = new Map<string, FSWatcher>();
  private reported: string;
  private seen: string;
  private timer: NodeJS.Timeout | undefined;

  /**
   * @param paths of the files at this moment, there or not
   * @param onChange called once after a change, when the files have come to rest
   * @param onFault called for a folder that cannot be watched
   */
  constructor(
    private readonly paths: () => readonly string[],
    private readonly onChange: () => void,
    private readonly onFault: (folder: string, error: Error) => void,
  ) {
    this.reported = this.seen = fingerprint(paths());
    this.watchFolders();
  }

  close(): void {
    clearTimeout(this.timer);
    for (const watcher of this.watchers.values()) watcher.close();
  }

  private lookSoon(): void {
    this.timer ??= setTimeout(() => this.look(), SETTLED_MS).unref();
  }

  private look(): void {
    this.timer = undefined;
    this.watchFolders();
    const paths = this.paths().join('\n');
    const print = fingerprint(this.paths());
    if (print !== this.seen) {
      this.seen = print;
      return this.lookSoon();
    }
    if (print === this.reported) return;
    this.onChange();
    // other files may count now; of the same ones, what came while they were read must not be missed
    this.reported = this.seen = paths === this.paths().join('\n') ? print : fingerprint(this.paths());
    this.watchFolders();
  }

  private watchFolders(): void {
    const wanted = new Map(
      this.paths()
        .flatMap(foldersOnTheWay)
        .map((folder) => [identityOf(folder), folder]),
    );
    for (const [identity, watcher] of this.watchers)
      if (!wanted.has(identity)) {
        watcher.close();
        this.watchers.delete(identity);
      }
    for (const [identity, folder] of wanted) if (!this.watchers.has(identity)) this.watch(folder, identity);
  }

  private watch(folder: string, identity: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, () => this.lookSoon());
      watcher.on('error', (error) => this.onFault(folder, error));
      this.watchers.set(identity, watcher);
    } catch (error) {
      this.onFault(folder, error as Error);
    }
  }
}

/** A folder that was removed and made again is another one, of which the old watcher sees nothing. */
const identityOf = (folder: string): string =>
  `${folder} ${statSync(folder, { throwIfNoEntry: false })?.ino}`;

/** Differs as soon as a path leads to another file, or to the same one with other bytes. */
const fingerprint = (paths: readonly string[]): string => paths.map(fingerprintOf).join(' ');

function fingerprintOf(path: string): string {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(':');
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}

/** The folders whose entries decide which file a path names: its own, and that of every link on the way. */
export function foldersOnTheWay(path: string): string[] {
  const folders: string[] = [];
  let rest = resolve(path);
  for (let links = 0; links < MOST_LINKS; links++) {
    const link = firstLink(rest);
    if (!link) return [...folders, nearestFolder(rest)];
    folders.push(dirname(link.path));
    rest = resolve(dirname(link.path), link.target, `.${rest.slice(link.path.length)}`);
  }
  return folders;
}

function firstLink(path: string): { path: string; target: string } | undefined {
  let here = parse(path).root;
  for (const step of path.slice(here.length).split(sep)) {
    here = join(here, step);
    const target = targetOf(here);
    if (target !== undefined) return { path: here, target };
  }
  return undefined;
}

/** @returns undefined for whatever is no link, or is not there */
function targetOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/** The folder of a file, or the one in which its folder would appear. */
function nearestFolder(path: string): string {
  const folder = dirname(path);
  return folder === path || existsSync(folder) ? folder : nearestFolder(folder);
}
