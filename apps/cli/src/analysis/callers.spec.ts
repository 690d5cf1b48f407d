import { Request } from '#access-log';
import { consumersOf } from '#verdict';
import { Callers, maskedAddress } from './callers.js';

it.each([
  ['10.20.30.40', '10.20.30.x'],
  ['2001:db8:12:34:56::1', '2001:db8:12::x'],
  ['fe80::1', 'fe80::x'],
  ['::1', '::x'],
  ['jane@example.com', '***'],
  ['', '***'],
])('maskedAddress of %s is %s', (address, expected) => expect(maskedAddress(address)).toBe(expected));

function requestOf(texts: Partial<Record<'client' | 'consumer' | 'userAgent', string>>): Request {
  const request = new Request();
  for (const [field, value] of Object.entries(texts)) {
    const bytes = Buffer.from(value);
    request[field as keyof typeof texts].set(bytes, 0, bytes.length);
  }
  return request;
}

it('names callers as the settings do, and all others by what does not tell who they are', () => {
  const callers = new Callers(consumersOf([{ name: 'backup', user: 'svc-backup' }]), () => 0x123456789abc);
  const known = callers.keyOf(requestOf({ consumer: 'svc-backup', client: '10.0.0.1' }));
  const other = callers.keyOf(requestOf({ consumer: 'jane', client: '10.0.0.7', userAgent: 'curl/8.5.0' }));
  expect([known, other].map((key) => callers.nameOf(key))).toEqual(['backup', '10.0.0.x curl/8.5.0 #1']);
});

it('takes secrets out of user agents', () => {
  const callers = new Callers(consumersOf([]), () => 1);
  const key = callers.keyOf(requestOf({ userAgent: 'tool token=s3cret-s3cret' }));
  expect(callers.nameOf(key)).not.toContain('s3cret');
});
