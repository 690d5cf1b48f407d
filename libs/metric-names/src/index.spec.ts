import { bucketField, ledgerField, parseLedgerField } from './index.js';

describe('a field of the ledger', () => {
  it('is read back as it was written', () => {
    expect(parseLedgerField(ledgerField('lines', 'a', 'classified'))).toEqual({
      metric: 'lines',
      labels: ['a', 'classified'],
      part: undefined,
    });
    expect(parseLedgerField(bucketField('delay', 3, 'a'))).toMatchObject({ metric: 'delay', part: 3 });
  });

  it.each(['', 'lines', 'lines|a', 'lines|a|b|c', 'another', 'constructor|a', '__proto__', 'toString|a|b'])(
    'of another version is none: %j',
    (field) => expect(parseLedgerField(field)).toBeUndefined(),
  );
});
