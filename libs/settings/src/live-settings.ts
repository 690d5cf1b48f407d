import { describeMistake } from '#catalogue';
import type { RedisAccess } from '#redis';
import { KnownFiles } from './known-files.js';
import { InvalidSettings, loadSettings, type Environment } from './load-settings.js';
import { asFarAsPossible, differences, needRestart } from './settings-difference.js';
import type { Settings } from './settings.js';

/** How the last reading of the settings went. */
export interface SettingsState {
  /** When settings were last read that could be used, in epoch milliseconds. */
  readonly readAt: number;
  /** Why the files, as they are now, cannot be used: `file:line: sentence`. Empty if they are in force. */
  readonly mistakes: readonly string[];
  /** Settings that wait for a restart. */
  readonly needRestart: readonly string[];
}

/**
 * The settings of a running process. {@link now} is one frozen object until the files are read again and can be used;
 * what has not changed in them stays the same object. Ask for `now` at each use, and once for whatever belongs together.
 */
export class LiveSettings {
  private readonly listeners: ((settings: Settings) => void)[] = [];
  /** As the files had them when the process started. */
  private readonly started: Settings;
  private inForce: Settings;
  private latest: SettingsState;

  /** @throws InvalidSettings */
  constructor(
    readonly file: string,
    private readonly environment: Environment,
    private readonly known = new KnownFiles(),
  ) {
    this.inForce = this.started = loadSettings(file, environment, known);
    this.latest = { readAt: Date.now(), mistakes: [], needRestart: [] };
  }

  get now(): Settings {
    return this.inForce;
  }

  get state(): SettingsState {
    return this.latest;
  }

  /** The files that were read last, and those that were missed. */
  get paths(): readonly string[] {
    return this.known.paths;
  }

  /** Where Redis is, if the settings leave that open. */
  useRedis(access: RedisAccess): void {
    this.inForce = Object.freeze({ ...this.inForce, redis: { ...this.inForce.redis, access } });
  }

  /** To be called with the settings whenever they have changed. */
  onChange(listener: (settings: Settings) => void): void {
    this.listeners.push(listener);
  }

  /**
   * Reads all files again. If they cannot be used, everything stays as it is.
   * @returns what is different now, in words
   */
  reload(): readonly string[] {
    const read = this.read();
    if (Array.isArray(read)) {
      this.latest = { ...this.latest, mistakes: read };
      return [];
    }
    const before = this.inForce;
    const next = asFarAsPossible(before, read);
    const changes = differences(before, next);
    this.latest = { readAt: Date.now(), mistakes: [], needRestart: needRestart(this.started, read) };
    if (changes.length === 0) return [];
    this.inForce = next;
    for (const listener of this.listeners) listener(next);
    return changes;
  }

  /** @returns the settings, or what is wrong with them */
  private read(): Settings | string[] {
    this.known.forgetPaths();
    try {
      return loadSettings(this.file, this.environment, this.known);
    } catch (error) {
      if (error instanceof InvalidSettings) return error.mistakes.map(describeMistake);
      // whatever else a file can make fail, the process goes on
      return [describeMistake({ file: this.file, line: 1, message: String(error) })];
    }
  }
}
