import { EventsBySource } from './events-by-source.js';
import { LumberjackWindow } from './lumberjack-window.js';

const event = (offset: number, more: object = {}) => ({
  message: `line ${offset}`,
  agent: { ephemeral_id: 'e' },
  log: { offset, file: { path: '/a' } },
  ...more,
});

function windowOf(events: object[], first = 1): LumberjackWindow {
  const window = new LumberjackWindow(0x32, events.length, new EventsBySource(() => 'san'));
  events.forEach((one, i) => {
    expect(window.isFull).toBe(false);
    window.add({ type: 'json', sequence: first + i, body: Buffer.from(JSON.stringify(one)) });
  });
  expect(window.isFull).toBe(true);
  return window;
}

describe('LumberjackWindow', () => {
  it('has the number of its last event as it came, and the lines as they came', () => {
    const window = windowOf([event(0), event(10)], 4096);
    expect(window.sequence).toBe(4097);
    expect(window.events.all.map(({ lines }) => lines.toString())).toEqual([
      `${JSON.stringify(event(0))}\n${JSON.stringify(event(10))}\n`,
    ]);
  });

  it('has the same key whenever the same lines come in the same order, whatever their numbers', () => {
    const { key } = windowOf([event(0), event(10)]);
    expect(key).toHaveLength(44);
    expect(windowOf([event(0, { tags: ['again'] }), event(10)], 7).key).toBe(key);
    expect(windowOf([event(10), event(0)]).key).not.toBe(key);
    expect(windowOf([event(0)]).key).not.toBe(key);
  });

  it('has no key if an event does not say where it stands', () => {
    expect(windowOf([event(0), { message: 'x' }, event(10)]).key).toBeUndefined();
  });
});
