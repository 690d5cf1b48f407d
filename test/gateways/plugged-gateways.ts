import { startApache } from './apache.js';
import { startCaddy } from './caddy.js';
import type { Gateway } from './gateway.js';
import { CAPTURES, startHaproxy } from './haproxy.js';
import type { MockApi } from './mock-api.js';
import { startNginx } from './nginx.js';

/** @param refusing a port that nobody listens on */
type StartPlugged = (mock: MockApi, refusing: number) => Promise<Gateway>;

/** Gateways that know the plugs of plugs.ts by their paths, and give up on a silent storage API after a second. */
export const pluggedNginx: StartPlugged = ({ ports: [first, second] }, refusing) =>
  startNginx(
    ({ port, folder }) => `
  proxy_cache_path ${folder}/cache keys_zone=answers:1m;
  limit_req_zone $binary_remote_addr zone=with_503:1m rate=1r/m;
  limit_req_zone $binary_remote_addr zone=with_429:1m rate=1r/m;
  upstream nodes { server 127.0.0.1:${first} max_fails=0; server 127.0.0.1:${second} max_fails=0; }
  proxy_read_timeout 1s;
  large_client_header_buffers 4 1k;
  server {
    listen 127.0.0.1:${port};
    location / { proxy_pass http://127.0.0.1:${first}; }
    location /v2/not-running { proxy_pass http://127.0.0.1:${refusing}; }
    location /v2/too-often-503 { limit_req zone=with_503; proxy_pass http://127.0.0.1:${first}; }
    location /v2/too-often-429 {
      limit_req zone=with_429; limit_req_status 429; add_header Retry-After 60 always;
      proxy_pass http://127.0.0.1:${first};
    }
    location /v2/forbidden { deny all; }
    location /v2/too-large { client_max_body_size 1; proxy_pass http://127.0.0.1:${first}; }
    location /v2/no-route { return 503; }
    location /v2/fallback-page {
      proxy_intercept_errors on; error_page 503 =200 @maintenance; proxy_pass http://127.0.0.1:${first};
    }
    location @maintenance { return 200 "back soon"; }
    location /v2/second-node { proxy_next_upstream http_503; proxy_pass http://nodes; }
    location /v2/cached { proxy_cache answers; proxy_cache_key $uri; proxy_cache_valid 1m; proxy_pass http://127.0.0.1:${first}; }
  }`,
  );

export const pluggedApache: StartPlugged = ({ ports: [node] }, refusing) =>
  startApache(
    () => `
ProxyTimeout 1
<Location /v2/forbidden>
  Require all denied
</Location>
LimitRequestLine 1000
ProxyPass /v2/no-route !
ProxyPass /v2/not-running http://127.0.0.1:${refusing}/
ProxyPass / http://127.0.0.1:${node}/`,
  );

export const pluggedHaproxy: StartPlugged = ({ ports: [node] }, refusing) =>
  startHaproxy(
    ({ port }) => `
frontend storage
  bind 127.0.0.1:${port}${CAPTURES}
  http-request deny if { path /v2/forbidden }
  http-request deny deny_status 413 if { path /v2/too-large }
  http-request deny deny_status 429 if { path /v2/too-often-429 }
  use_backend refusing if { path /v2/not-running }
  use_backend nobody if { path /v2/no-route }
  default_backend api
backend api
  server node 127.0.0.1:${node}
backend refusing
  retries 0
  server node 127.0.0.1:${refusing}
backend nobody`,
  );

export const pluggedCaddy: StartPlugged = ({ ports: [node] }, refusing) =>
  startCaddy(
    () => `
  respond /v2/forbidden 403
  respond /v2/too-often-429 429
  respond /v2/no-route 503
  request_body /v2/too-large {
    max_size 1
  }
  reverse_proxy /v2/not-running 127.0.0.1:${refusing}
  reverse_proxy 127.0.0.1:${node} {
    transport http {
      response_header_timeout 1s
    }
  }`,
  );
