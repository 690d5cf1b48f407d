import { exportResponse, rpcStatus } from './otlp-answers.js';

describe('what senders of OTLP are told', () => {
  it('is an empty message when all was stored', () => {
    expect(exportResponse.protobuf(undefined)).toHaveLength(0);
    expect(exportResponse.json(undefined)).toBe('{}');
  });

  /** As protoc --decode prints them: field 1 { 1: 3, 2: "x" }. */
  it('tells what was not stored', () => {
    const partial = { rejectedRecords: 3, reason: 'x' };
    expect(Buffer.from(exportResponse.protobuf(partial)).toString('hex')).toBe('0a05080312' + '0178');
    expect(exportResponse.json(partial)).toBe(
      '{"partialSuccess":{"rejectedLogRecords":"3","errorMessage":"x"}}',
    );
  });

  it('is a google.rpc.Status, with a RetryInfo only where the same request may come again', () => {
    const forGood = { code: 'INVALID_ARGUMENT', message: 'x' } as const;
    expect(Buffer.from(rpcStatus.protobuf(forGood)).toString('hex')).toBe('0803120178');
    expect(rpcStatus.json(forGood)).toBe('{"code":3,"message":"x"}');
    const again = { code: 'UNAVAILABLE', message: 'x', retryAfter: 3 } as const;
    const type = Buffer.from('type.googleapis.com/google.rpc.RetryInfo').toString('hex');
    expect(Buffer.from(rpcStatus.protobuf(again)).toString('hex')).toBe(
      `080e1201781a300a28${type}12040a020803`,
    );
    expect(JSON.parse(rpcStatus.json(again))).toMatchObject({ code: 14, details: [{ retryDelay: '3s' }] });
  });
});
