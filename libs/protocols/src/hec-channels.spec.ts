import { HecChannels } from './hec-channels.js';

const MINUTE = 60_000;
const NOW = 1_795_241_587_000;

it('tells of an id once that its lines are safe; ids rise', () => {
  const channels = new HecChannels();
  const [a, b] = [channels.give('x', NOW), channels.give('x', NOW)];
  expect(b).toBe(a + 1);
  expect(channels.ask('x', [a, b + 1], NOW)).toEqual({ [a]: true, [b + 1]: false });
  expect(channels.ask('x', [a, b], NOW)).toEqual({ [a]: false, [b]: true });
});

it('channels do not know each other', () => {
  const channels = new HecChannels();
  const x = channels.give('x', NOW);
  const y = channels.give('y', NOW);
  expect(channels.ask('x', [x], NOW)).toEqual({ [x]: true });
  expect(channels.ask('y', [y], NOW)).toEqual({ [y]: true });
});

it('what another life of the process gave was stored, and is not given again', () => {
  const before = new HecChannels();
  const old = before.give('x', NOW);
  const after = new HecChannels();
  expect(after.ask('x', [old], NOW + 1)).toEqual({ [old]: true });
  const fresh = after.give('x', NOW + MINUTE);
  expect(fresh).toBeGreaterThan(old);
  expect(after.ask('x', [old, fresh], NOW)).toEqual({ [old]: true, [fresh]: true });
});

it('forgets what nobody asks for, and idle channels, and then says what is true', () => {
  const channels = new HecChannels();
  const ids = Array.from({ length: 3000 }, () => channels.give('x', NOW));
  expect(Object.values(channels.ask('x', ids, NOW))).toEqual(ids.map(() => true));
  for (let i = 0; i < 3000; i++) channels.give(`channel ${i}`, NOW + i);
  expect(channels.size).toBe(1000);
  expect(channels.ask('channel 0', [NOW], NOW + 3000)).toEqual({ [NOW]: true });
  channels.give('late', NOW + 31 * MINUTE);
  expect(channels.size).toBe(1);
});
