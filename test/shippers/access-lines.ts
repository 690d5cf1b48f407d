/** Statuses in shares of their own, so that a line lost and another twice do not look like all once. */
const CODES = [200, 200, 404, 429, 429, 429, 500, 503, 503, 503, 503];

/** So many different lines as nginx writes them with the format of docs/gateways/nginx.md. */
export const accessLines = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, i) => {
    const n = from + i;
    return JSON.stringify({
      time: new Date().toISOString(),
      remote_addr: '127.0.0.1',
      host: 'storage.example.com',
      request_method: 'GET',
      request_uri: `/v1/objects/${n}?name=a%20b`,
      status: String(CODES[n % CODES.length]),
      body_bytes_sent: n,
      request_time: 0.01,
      upstream_addr: '127.0.0.1:9000',
      upstream_status: String(CODES[n % CODES.length]),
      request_id: `r-${n}`,
    });
  });

/** How often each status is in so many of these lines. */
export function codesOf(count: number): Record<string, number> {
  const seen: Record<string, number> = {};
  for (let n = 0; n < count; n++) {
    const code = String(CODES[n % CODES.length]);
    seen[code] = (seen[code] ?? 0) + 1;
  }
  return seen;
}

/** Paths to which a gateway answers with the same statuses, if it answers `/404/…` with 404. */
export const pathsOf = (count: number): string[] =>
  Array.from({ length: count }, (_, n) => `/${CODES[n % CODES.length]}/${n}`);

/** All of them. */
export const STATUSES = [...new Set(CODES)];
