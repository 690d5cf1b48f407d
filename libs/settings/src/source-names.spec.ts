import { SourceNames } from './source-names.js';

const SOURCES = new Set(['san', 'edge', 'rest']);
const names = new SourceNames({ 'logs-*': 'edge', 'logs-san-*': 'san', 'nginx.access': 'edge', san: 'edge' });
const found = (...asked: string[]) => names.find(asked, SOURCES);

describe('the names that senders have for a source', () => {
  it.each([
    { asked: ['edge'], source: 'edge', why: 'a source goes by its own name' },
    { asked: ['san'], source: 'san', why: 'its own name comes before a row of the table' },
    { asked: ['nginx.access'], source: 'edge', why: 'a row stands for its name' },
    { asked: ['nginx.accesslog'], source: undefined, why: 'a row without a * is no prefix' },
    { asked: ['logs-web-1'], source: 'edge', why: 'a * stands for any rest' },
    { asked: ['logs-san-1'], source: 'san', why: 'of two prefixes the longer one counts' },
    { asked: ['logs-'], source: 'edge', why: 'or for nothing' },
    { asked: ['x', 'san', 'edge'], source: 'san', why: 'the first name that is known counts' },
    { asked: ['x'], source: undefined, why: 'a name that nobody knows is told' },
    { asked: [], source: undefined, why: 'and so is none' },
  ])('$asked: $source, since $why', ({ asked, source }) => {
    expect(found(...asked)).toBe(source);
  });

  it('a * alone takes every name that nobody knows, and whoever has none', () => {
    const all = new SourceNames({ '*': 'rest', 'web-*': 'edge' });
    expect(all.find(['x', 'web-1'], SOURCES)).toBe('edge');
    expect(all.find(['x'], SOURCES)).toBe('rest');
    expect(all.find([], SOURCES)).toBe('rest');
  });
});
