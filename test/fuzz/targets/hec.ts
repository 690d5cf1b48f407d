import assert from 'node:assert/strict';
import { HecChannels, readHecEvents, readHecRaw } from '#protocols';
import { LOG_LINES } from '../corpus.js';
import type { Target } from '../target.js';

const EVENTS = LOG_LINES.slice(0, 4).map((line) => ({ event: line.toString('latin1'), time: 1.5 }));

/** The event of an envelope, if JSON.parse takes it for one. */
function parsed(input: Buffer): unknown {
  try {
    const envelope: unknown = JSON.parse(input.toString());
    const isObject = typeof envelope === 'object' && envelope !== null && !Array.isArray(envelope);
    // an escaped key is another key here
    return isObject && Object.hasOwn(envelope, 'event') && input.includes('"event"')
      ? (envelope as { event: unknown }).event
      : undefined;
  } catch {
    return undefined;
  }
}

/** Envelopes: each gives one event, nothing is made, and one alone gives what JSON.parse finds in it. */
const events: Target = {
  name: 'hec:events',
  corpus: [
    EVENTS.map((event) => JSON.stringify(event)).join(''),
    EVENTS.map((event) => JSON.stringify({ ...event, index: 'a', source: '/b', fields: { c: '}' } })).join(
      '\n',
    ),
    JSON.stringify(EVENTS),
    JSON.stringify({ event: { a: [{}, '\\"'] }, host: 'h' }),
    JSON.stringify({ event: '\u{1f600}\n\\', sourcetype: 's' }),
    '{"event":"a"}\nrubbish\n{"event":"b',
  ].map((text) => Buffer.from(text)),
  words: ['{"event":', '"index":"', '"source":', '"sourcetype":', '}{', '\\u00e9', '\\ud83d\\ude00'],
  share: 60,
  check(input) {
    const found: Buffer[] = [];
    const { good, bad } = readHecEvents(input, { index: 'q' }, (names, event) => {
      assert(names.length > 0 && names.every((name) => name !== ''), 'a name that is none');
      found.push(Buffer.from(event));
    });
    assert.equal(bad === undefined, good === found.length, 'each is good or bad');
    assert(bad === undefined || bad.number < found.length, `event ${bad?.number}`);
    assert(found.reduce((sum, { length }) => sum + length, 0) <= input.length, 'bytes are made');
    const event = parsed(input);
    if (typeof event === 'string' && event !== '' && input.toString() === input.toString('latin1'))
      assert.deepEqual(found.map(String), [Buffer.from(event).toString()], 'another text than JSON.parse');
    if (event !== undefined) assert.equal(found.length, 1, 'an envelope is one event');
  },
};

const raw: Target = {
  name: 'hec:raw',
  corpus: [
    Buffer.concat(LOG_LINES.slice(0, 4).flatMap((line) => [line, Buffer.from('\n')])),
    '[{"a":1},{"b":[{}]}]',
  ].map((text) => Buffer.from(text as string)),
  words: ['[{', '},{', '}]', '[\n{'],
  share: 60,
  check(input) {
    let bytes = 0;
    let count = 0;
    readHecRaw(input, (event) => {
      bytes += event.length;
      count++;
    });
    assert(bytes <= input.length && count <= input.length, 'bytes are made');
    if (!/^\s*\[/.test(input.toString('latin1')))
      assert.equal(bytes, input.filter((byte) => byte !== 0x0a).length, 'bytes are lost');
  },
};

/** Channels and ids that strangers make up: what was given is true once, and there are never more than so many. */
const channels: Target = {
  name: 'hec:channels',
  corpus: ['a0a1b2a3', 'abcdefgh', 'aaaaaaaaaaaaaaaa'].map((text) => Buffer.from(text)),
  share: 20,
  longest: 4096,
  check(input) {
    const known = new HecChannels();
    const given = new Map<string, number>();
    for (const [i, byte] of input.entries()) {
      const name = `${byte >> 1}`;
      if (byte % 2 === 0) given.set(name, known.give(name, i));
      else {
        const id = given.get(name);
        if (id !== undefined) assert.equal(known.ask(name, [id], i)[id], true, 'what was given is not true');
        if (id !== undefined) assert.equal(known.ask(name, [id], i)[id], false, 'true twice');
        given.delete(name);
      }
    }
    assert(known.size <= 128, `${known.size} channels`);
  },
};

export const hecTargets: readonly Target[] = [events, raw, channels];
