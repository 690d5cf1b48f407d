import { readFileSync } from 'node:fs';
import { READ } from './format.js';
import { FORMATS, FORMAT_NAMES, type FormatName } from './formats/index.js';
import { Request } from './request.js';

const DATA = 'libs/access-log/test-data';

const fileLines = (name: string): string[] =>
  readFileSync(`${DATA}/${name}.log`, 'latin1').trimEnd().split('\n');

/** Lines that each format reads; what is made of them when they are damaged is tested in test/fuzz. */
const EXAMPLES: Readonly<Record<FormatName, readonly string[]>> = {
  'nginx-json': fileLines('nginx-json'),
  'traefik-clf': fileLines('traefik-clf'),
  combined: ['nginx-combined', 'apache-combined', 'apache-combined-ra'].flatMap(fileLines),
  haproxy: fileLines('haproxy-httplog'),
  envoy: fileLines('envoy'),
  'envoy-json': fileLines('envoy-json'),
  'caddy-json': fileLines('caddy-json'),
  'traefik-json': fileLines('traefik-json'),
  'kong-json': fileLines('kong-json'),
  alb: fileLines('alb'),
  ltsv: fileLines('ltsv').slice(0, 3),
  logfmt: fileLines('logfmt'),
  json: fileLines('json').slice(0, 4),
};

const reader = (name: FormatName) => FORMATS[name].reader({});

describe.each(FORMAT_NAMES)('every example of %s', (name) => {
  const lines = reader(name);

  it('reads', () => {
    const request = new Request();
    const outcomes = EXAMPLES[name].map((text) => {
      const bytes = Buffer.from(text, 'latin1');
      return lines.read(bytes, 0, bytes.length, request);
    });
    expect(new Set(outcomes)).toEqual(new Set([READ]));
  });
});

const LONG = 60 * 1024;
const FILLINGS = [
  '"',
  '[',
  ']',
  '{',
  '\\',
  ',',
  ' ',
  '\t',
  ':',
  '=',
  '-',
  '/',
  '0',
  '\\"',
  '" ',
  ' "',
  '" 1',
  ' [',
  ' - ',
  '{"',
];
/** What a slow machine may add; a line that costs its square takes seconds. */
const SLACK_MS = 20;

describe.each(FORMAT_NAMES)('a long line as %s', (name) => {
  const lines = reader(name);
  const request = new Request();

  /** Milliseconds for which the quickest of three computed: other processes do not count. */
  function cost(text: string): number {
    const bytes = Buffer.from(text, 'latin1');
    const times = [0, 1, 2].map(() => {
      const before = process.cpuUsage();
      lines.read(bytes, 0, bytes.length, request);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    });
    return Math.min(...times);
  }

  /** An example with so much put in behind each third of it, and the filling alone. */
  function filled(filling: string): string[] {
    const much = filling.repeat(Math.ceil(LONG / filling.length));
    const text = EXAMPLES[name][0]!;
    const places = [0, 1, 2, 3].map((third) => Math.round((third * text.length) / 3));
    const status = text.search(/ [2-5]\d\d /);
    const quotes = [text.indexOf('"') + 1, text.lastIndexOf('"')];
    const holes = [...places, ...quotes, status].filter((place) => place >= 0);
    return [much, ...holes.map((place) => `${text.slice(0, place)}${much}${text.slice(place)}`)];
  }

  it.each(FILLINGS)('of %j costs a bounded multiple of a plain one', (filling) => {
    const plain = Math.max(...filled('a').map(cost));
    for (const text of filled(filling)) expect(cost(text)).toBeLessThan(20 * plain + SLACK_MS);
  });
});
