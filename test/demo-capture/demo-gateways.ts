import { startApache } from '../gateways/apache.js';
import type { Gateway } from '../gateways/gateway.js';
import { startNginx } from '../gateways/nginx.js';

type Nodes = readonly [number, number];

const LIMITED_AGENT = 'inventory-crawler';

/** @param refusing a port that nobody listens on */
export const startDemoNginx = ([first, second]: Nodes, refusing: number): Promise<Gateway> =>
  startNginx(
    ({ port }) => `
  map $http_user_agent $limited { default ''; ~^${LIMITED_AGENT} $binary_remote_addr; }
  limit_req_zone $limited zone=with_429:1m rate=1r/s;
  limit_req_zone $limited zone=with_503:1m rate=1r/s;
  upstream api { server 127.0.0.1:${first}; }
  upstream identity { server 127.0.0.1:${first} max_fails=0; server 127.0.0.1:${second} max_fails=0; }
  proxy_read_timeout 1s;
  server { listen 127.0.0.1:${port} default_server; location / { proxy_pass http://api; } }
  server {
    listen 127.0.0.1:${port}; server_name cm.storage.example.net;
    location / { limit_req zone=with_503 burst=4 nodelay; proxy_pass http://api; }
  }
  server {
    listen 127.0.0.1:${port}; server_name dcs.ap-southeast-1.myhuaweicloud.com;
    location / { limit_req zone=with_429 burst=4 nodelay; limit_req_status 429; proxy_pass http://api; }
  }
  server {
    listen 127.0.0.1:${port}; server_name idm.example.net;
    location / { proxy_pass http://identity; proxy_next_upstream error timeout http_503; }
  }
  server {
    listen 127.0.0.1:${port}; server_name vsp2.storage.example.net;
    location / { proxy_pass http://127.0.0.1:${refusing}; }
  }`,
  );

/** @param refusing a port that nobody listens on */
export const startDemoApache = ([node]: Nodes, refusing: number): Promise<Gateway> =>
  startApache(
    ({ port }) => `
ProxyTimeout 1
<VirtualHost 127.0.0.1:${port}>
  ProxyPass / http://127.0.0.1:${node}/
</VirtualHost>
<VirtualHost 127.0.0.1:${port}>
  ServerName vsp2.storage.example.net
  ProxyPass / http://127.0.0.1:${refusing}/
</VirtualHost>`,
  );
