import { promisesOf } from './promises.js';

describe('what Redis promises', () => {
  it.each([
    ['7.2.4', true],
    ['6.2.0', true],
    ['10.0.1', true],
    ['6.0.20', false],
    ['5.0.14', false],
  ])('version %s is new enough: %s', (version, expected) => {
    expect(promisesOf(new Map([['redis_version', version]])).version).toBe(expected);
  });

  it.each([
    ['maxmemory_policy', 'noeviction', 'maxmemory_policy', true],
    ['maxmemory_policy', 'volatile-lru', 'maxmemory_policy', false],
    ['aof_enabled', '1', 'appendonly', true],
    ['aof_enabled', '0', 'appendonly', false],
  ] as const)('%s:%s is %s: %s', (field, value, check, expected) => {
    expect(promisesOf(new Map([[field, value]]))[check]).toBe(expected);
  });

  it('nothing is known of a Redis that does not tell', () => {
    expect(promisesOf(new Map())).toEqual({
      maxmemory_policy: undefined,
      appendonly: undefined,
      version: undefined,
    });
  });
});
