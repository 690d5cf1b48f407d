import { grpcBody, grpcMessage, grpcText } from './grpc-message.js';
import { Malformed } from './malformed.js';

describe('a message of gRPC', () => {
  it('has a flag and a length before it', () => {
    expect(grpcMessage(Buffer.from('0100000002abcd', 'hex'))).toEqual({
      isCompressed: true,
      bytes: Buffer.from('abcd', 'hex'),
    });
    expect(grpcMessage(grpcBody(Buffer.from('x')))).toEqual({ isCompressed: false, bytes: Buffer.from('x') });
    expect(grpcBody(Buffer.alloc(0)).toString('hex')).toBe('0000000000');
  });

  it.each(['', '00000000', '0000000001', '0000000000aa', '0200000000', '00ffffffff00'])(
    'is refused if it is not one: %s',
    (hex) => expect(() => grpcMessage(Buffer.from(hex, 'hex'))).toThrow(Malformed),
  );

  it('may be told in text, percent-encoded', () => {
    expect(grpcText('busy 100% é\n')).toBe('busy 100%25 %C3%A9%0A');
  });
});
