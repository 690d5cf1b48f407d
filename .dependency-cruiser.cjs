// The rooms and who may enter which: docs/ARCHITECTURE.md. Whatever is not listed here fails.
const MAY_IMPORT = {
  'libs/catalogue': [],
  'libs/access-log': [],
  'libs/metric-names': [],
  'libs/protocols': [],
  'libs/redis': [],
  'libs/verdict': ['catalogue', 'access-log', 'metric-names'],
  'libs/conduct': ['catalogue', 'access-log', 'verdict', 'metric-names'],
  'libs/batches': ['redis'],
  'libs/ledger': ['redis', 'metric-names'],
  'libs/monitoring': ['catalogue', 'metric-names'],
  'libs/lifecycle': ['settings', 'metric-names', 'listener'],
  'libs/settings': ['catalogue', 'access-log', 'monitoring', 'redis'],
  'libs/listener': ['settings'],
  'apps/ingest': [
    'protocols',
    'batches',
    'access-log',
    'verdict',
    'settings',
    'lifecycle',
    'listener',
    'metric-names',
    'redis',
  ],
  'apps/worker': [
    'batches',
    'verdict',
    'conduct',
    'ledger',
    'settings',
    'lifecycle',
    'metric-names',
    'redis',
  ],
  'apps/exporter': [
    'ledger',
    'batches',
    'verdict',
    'conduct',
    'catalogue',
    'settings',
    'lifecycle',
    'metric-names',
    'redis',
  ],
  'apps/standalone': ['catalogue', 'settings', 'lifecycle', 'redis'],
  'apps/cli': [
    'catalogue',
    'access-log',
    'metric-names',
    'verdict',
    'conduct',
    'settings',
    'listener',
    'redis',
    'batches',
    'ledger',
    'monitoring',
  ],
};
const PURE = '^libs/(catalogue|access-log|metric-names|verdict|conduct|monitoring|protocols)/src/';
const OUTSIDE_WORLD =
  '^(node:)?(fs|net|http|https|child_process|tls|dgram|fs/promises)$|node_modules/(@nestjs|bullmq|ioredis|fastify|prom-client)/';
const SPEC = '\\.spec\\.ts$';

const rooms = Object.entries(MAY_IMPORT).map(([room, allowed]) => ({
  name: `${room.replace('/', '-')}-imports`,
  comment: `${room} may import: ${allowed.join(', ') || 'no other room'}`,
  severity: 'error',
  from: { path: `^${room}/`, pathNot: SPEC },
  to: { path: '^libs/', pathNot: [`^${room}/`, ...allowed.map((lib) => `^libs/${lib}/src/index\\.ts$`)] },
}));

module.exports = {
  forbidden: [
    ...rooms,
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    { name: 'libs-not-to-apps', severity: 'error', from: { path: '^libs/' }, to: { path: '^apps/' } },
    {
      name: 'apps-not-to-apps',
      comment: 'standalone alone runs other apps in its process',
      severity: 'error',
      from: { path: '^apps/(?!standalone/)([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'pure-rooms-touch-no-outside-world',
      severity: 'error',
      from: { path: PURE, pathNot: SPEC },
      to: { path: OUTSIDE_WORLD },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
    },
  },
};
