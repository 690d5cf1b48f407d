import { diskAfter, EMPTY_DISK, syncedUntil, type DiskState } from './append-only-trace.js';

const AOF = '11</data/appendonlydir/appendonly.aof.1.incr.aof>';
const NEXT = '14</data/appendonlydir/appendonly.aof.2.incr.aof>';
const [FILE, NEXT_FILE] = ['appendonly.aof.1.incr.aof', 'appendonly.aof.2.incr.aof'];

/** Lines as strace 6.1 wrote them about Redis 7.0.15; only times are changed. */
const write = (at: number, bytes: number, fd = AOF) =>
  `700 ${at.toFixed(6)} write(${fd}, ""..., ${bytes}) = ${bytes} <0.000050>`;
const syncBegins = (at: number, fd = AOF) => `706 ${at.toFixed(6)} fdatasync(${fd} <unfinished ...>`;
const syncEnds = (at: number, took = 0.3) =>
  `706 ${at.toFixed(6)} <... fdatasync resumed>) = 0 (DELAYED) <${took.toFixed(6)}>`;
const sync = (at: number) => `700 ${at.toFixed(6)} fdatasync(${AOF}) = 0 <0.000537>`;
const toSender = (at: number) => `700 ${at.toFixed(6)} write(24<socket:[473257]>, ""..., 5) = 5 <0.000010>`;

const after = (lines: string[], before: DiskState = EMPTY_DISK) => diskAfter(lines.join('\n'), before);
const fileIn = ({ files }: DiskState, name = FILE) => [files.get(name)?.written, files.get(name)?.synced];

describe('what a loss of power leaves of an append-only file', () => {
  it('is what a sync that ended had found written', () => {
    const disk = after([write(1, 100), toSender(1.1), syncBegins(2), write(2.1, 10), syncEnds(2.3)]);
    expect(fileIn(disk)).toEqual([110, 100]);
    expect([syncedUntil(disk), disk.writtenAt]).toEqual([1000, 2100]);
  });

  it('is nothing that was written before a sync that did not end', () => {
    const disk = after([write(1, 100), sync(1.1), write(2, 50), syncBegins(3)]);
    expect(fileIn(disk)).toEqual([150, 100]);
    expect(syncedUntil(disk)).toBe(1000);
  });

  it('is all of it where every write is synced before it is answered', () => {
    const disk = after([write(1, 100), sync(1.1), toSender(1.2), write(2, 50), sync(2.1), toSender(2.2)]);
    expect(fileIn(disk)).toEqual([150, 150]);
    expect(syncedUntil(disk)).toBe(2000);
  });

  it('is less by a write whose sync failed', () => {
    const failed = `700 1.100000 fdatasync(${AOF}) = -1 EIO (Input/output error) <0.000537>`;
    expect(fileIn(after([write(1, 100), failed]))).toEqual([100, 0]);
  });

  it('is not more because Redis was killed in the middle of a call', () => {
    const killed = `700 2.000000 write(${AOF}, ""..., 50) = ?`;
    expect(fileIn(after([write(1, 100), sync(1.1), killed]))).toEqual([100, 100]);
  });

  it('is not all that was answered where a large write was cut short by the kill', () => {
    const short = `700 2.000000 write(${AOF}, ""..., 5000000) = 1048576 <0.000900>`;
    const disk = after([write(1, 100), sync(1.1), short]);
    expect(fileIn(disk)).toEqual([1_048_676, 100]);
    expect(disk.writtenAt).toBe(1000);
  });

  it('goes on where the Redis before it ended, whose writes the next sync brings to the disk', () => {
    const killed = after([write(1, 100)]);
    expect(fileIn(killed)).toEqual([100, 0]);
    expect(fileIn(after([write(9, 1), sync(9.1)], killed))).toEqual([101, 101]);
  });

  it('follows a Redis that cuts off half a command when it starts', () => {
    const cut = '700 5.000000 truncate("appendonlydir/appendonly.aof.1.incr.aof", 90) = 0 <0.000053>';
    expect(fileIn(after([cut, write(6, 5)], after([write(1, 100), sync(1.1)])))).toEqual([95, 90]);
  });

  it('is as old as the oldest file that is not synced, though a newer one is', () => {
    const lines = [write(1, 100), sync(1.1), write(2, 10), write(3, 7, NEXT)];
    const disk = after([...lines, syncBegins(3.1, NEXT), syncEnds(3.2)]);
    expect([fileIn(disk), fileIn(disk, NEXT_FILE)]).toEqual([
      [110, 100],
      [7, 7],
    ]);
    expect(syncedUntil(disk)).toBe(1000);
  });

  it('knows how long the disk takes', () => {
    const disk = after([write(1, 100), syncBegins(1.1), syncEnds(1.4, 0.3), sync(2)]);
    expect(disk.longestSync).toBeCloseTo(300);
  });
});
