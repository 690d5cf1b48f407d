import type { FastifyRequest } from 'fastify';

/** The Content-Type that a request came with; what is in its headers is what Fastify is told. Empty if it has none. */
export function contentTypeOf({ raw }: FastifyRequest): string {
  const at = raw.rawHeaders.findIndex((name, i) => i % 2 === 0 && name.toLowerCase() === 'content-type');
  return at < 0 ? '' : raw.rawHeaders[at + 1]!.toLowerCase();
}
