import { readFileSync } from 'node:fs';
import { loadVendor } from './load-vendor.js';

describe('loadVendor', () => {
  it('reads a shipped file and runs its examples', () => {
    const text = readFileSync('libs/catalogue/vendors/hitachi-hsae.yaml', 'utf8');
    expect(loadVendor('hitachi-hsae.yaml', text)).toMatchObject({ vendor: 'hitachi-hsae' });
  });
});
