import { patiently } from './patience.js';
import { Refused } from './refusal.js';

describe('patiently', () => {
  const { signal } = new AbortController();

  it('tries again what passes, until it has passed', async () => {
    const refusals = ['overloaded', 'unavailable', 'rate_limited'] as const;
    let tries = 0;
    const value = await patiently(signal, () => {
      const refusal = refusals[tries++];
      if (refusal) throw new Refused(refusal);
      return 'stored';
    });
    expect([value, tries]).toEqual(['stored', 4]);
  });

  it.each([new Refused('unauthorized'), new Error('unexpected')])(
    'throws at once what stays: %s',
    async (error) => {
      let tries = 0;
      const attempt = (): never => {
        tries++;
        throw error;
      };
      await expect(patiently(signal, attempt)).rejects.toBe(error);
      expect(tries).toBe(1);
    },
  );

  it('gives up with the last refusal when nobody waits any more', async () => {
    const gone = new AbortController();
    let tries = 0;
    const attempt = (): never => {
      if (++tries === 2) gone.abort();
      throw new Refused('overloaded');
    };
    await expect(patiently(gone.signal, attempt)).rejects.toMatchObject({ refusal: 'overloaded' });
    expect(tries).toBe(2);
  });
});
