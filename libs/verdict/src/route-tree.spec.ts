import fc from 'fast-check';
import { Text } from '#access-log';
import { matchesTemplate, parsePathTemplate } from '#catalogue';
import { NO_ROUTE, RouteTree } from './route-tree.js';
import { bytesOf, pathEnd } from './text-match.js';

const ROUTES = ['/a', '/b/a', '/b/{x}', '/a/{device}', '/a/{device}/b', '/c/{x}/{y}'];

/** In the midst of other bytes, as in a line. */
function textOf(path: string): Text {
  const bytes = bytesOf(`GET ${path}?/a/ HTTP`);
  const text = new Text();
  text.set(bytes, 4, 4 + bytesOf(path).length);
  return text;
}

const anyPath = fc
  .array(fc.constantFrom('/', '/', '/', '?', 'a', 'b', 'c', 'ab', '.'), { maxLength: 12 })
  .map((parts) => parts.join(''));

describe('the routes of a vendor', () => {
  const tree = new RouteTree({ routes: ROUTES, device: 'device' });

  it('are those whose template fits, and where a path ends is known afterwards', () => {
    fc.assert(
      fc.property(anyPath, (path) => {
        const text = textOf(path);
        const route = tree.match(text);
        const fits = (template: string): boolean =>
          path.startsWith('/') && matchesTemplate(parsePathTemplate(template), path);
        const fitting = ROUTES.filter(fits);
        expect(fitting.includes(ROUTES[route]!)).toBe(fitting.length > 0);
        expect(tree.route).toBe(route);
        expect(tree.pathEnd).toBe(pathEnd(text));
      }),
    );
  });

  it.each([
    ['/a/x1/b', 4, 'x1'],
    ['/a/x1/?q', 3, 'x1'],
    ['/a/x1/c', NO_ROUTE, 'x1'],
    ['/b/a', 1, undefined],
    ['/', NO_ROUTE, undefined],
  ])('of %s', (path, route, device) => {
    const text = textOf(path);
    expect(tree.match(text)).toBe(route);
    const found = Buffer.from(text.bytes.subarray(tree.deviceStart, tree.deviceEnd)).toString();
    expect(tree.deviceStart < 0 ? undefined : found).toBe(device);
  });

  it('are forgotten with the next request, even one without a path', () => {
    tree.match(textOf('/a/x1'));
    tree.match(new Text());
    expect([tree.route, tree.deviceStart]).toEqual([NO_ROUTE, -1]);
  });
});
