import { setImmediate as turn } from 'node:timers/promises';
import { GroupCommit } from './group-commit.js';

const TAKEN = { id: 'x', accepted: 'accepted' } as const;
const body = (lane: string, text: string) => ({
  lane,
  lines: Buffer.from(text),
  largestGroup: 512 * 1024,
});

/** Stores groups one after the other, as somebody says. */
class Store {
  readonly groups: string[] = [];
  private readonly open: ((error?: Error) => void)[] = [];

  readonly commit = (lines: Buffer): Promise<typeof TAKEN> => {
    this.groups.push(lines.toString());
    return new Promise((resolve, reject) =>
      this.open.push((error) => (error ? reject(error) : resolve(TAKEN))),
    );
  };

  /** Ends the oldest commit. */
  async end(error?: Error): Promise<void> {
    while (this.open.length === 0) await turn();
    this.open.shift()!(error);
  }
}

describe('group commit', () => {
  it('stores at once what comes alone, and together what comes meanwhile', async () => {
    const store = new Store();
    const groups = new GroupCommit();
    const first = groups.join(body('a', '1\n'), store.commit);
    while (store.groups.length === 0) await turn();
    const others = ['2\n', '3\n', '4\n'].map((text) => groups.join(body('a', text), store.commit));
    await store.end();
    await first;
    await store.end();
    await Promise.all(others);
    expect(store.groups).toEqual(['1\n', '2\n3\n4\n']);
  });

  it('answers nobody before his own lines are stored', async () => {
    const store = new Store();
    const groups = new GroupCommit();
    const answered: string[] = [];
    const send = (text: string): Promise<unknown> =>
      groups.join(body('a', text), store.commit).then(() => answered.push(text));
    const all = [send('1\n')];
    while (store.groups.length === 0) await turn();
    all.push(send('2\n'));
    await store.end();
    while (store.groups.length < 2) await turn();
    expect(answered).toEqual(['1\n']);
    await store.end();
    await Promise.all(all);
    expect(answered).toEqual(['1\n', '2\n']);
  });

  it('tells all of a group that it could not be stored, and goes on with the next', async () => {
    const store = new Store();
    const groups = new GroupCommit();
    const ends = Promise.allSettled(['1\n', '2\n'].map((text) => groups.join(body('a', text), store.commit)));
    await store.end(new Error('Redis is away'));
    expect((await ends).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const next = groups.join(body('a', '3\n'), store.commit);
    await store.end();
    await expect(next).resolves.toBe(TAKEN);
    expect(store.groups).toEqual(['1\n2\n', '3\n']);
  });

  it('keeps lanes apart', async () => {
    const store = new Store();
    const groups = new GroupCommit();
    const all = ['a', 'b'].map((lane) => groups.join(body(lane, `${lane}\n`), store.commit));
    await store.end();
    await store.end();
    await Promise.all(all);
    expect(store.groups).toEqual(['a\n', 'b\n']);
  });

  it('makes no group larger than its bodies allow', async () => {
    const store = new Store();
    const groups = new GroupCommit();
    const text = 'x'.repeat(60 * 1024);
    const all = Array.from({ length: 20 }, () => groups.join(body('a', text), store.commit));
    for (let i = 0; i < 3; i++) await store.end();
    await Promise.all(all);
    expect(store.groups.map(({ length }) => length / text.length)).toEqual([8, 8, 4]);
  });
});
