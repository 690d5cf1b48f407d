/** What is answered to a question that is no `_bulk`. */
interface ProbeAnswer {
  readonly status: number;
  readonly body: object;
}

const ok = (body: object): ProbeAnswer => ({ status: 200, body });
const ACKNOWLEDGED = ok({ acknowledged: true });

/** Shippers that look for other nodes find none, and keep the address that they have. */
const NO_NODES = ok({ cluster_name: 'statuslens', nodes: {} });

const license = {
  uid: '00000000-0000-0000-0000-000000000000',
  type: 'basic',
  mode: 'basic',
  status: 'active',
  expiry_date_in_millis: 4_000_000_000_000,
};

const about = (version: string) => ({
  name: 'statuslens',
  cluster_name: 'statuslens',
  cluster_uuid: 'statuslens',
  version: {
    number: version,
    build_flavor: 'default',
    build_type: 'tar',
    build_hash: 'statuslens',
    build_date: '2026-01-01T00:00:00.000Z',
    build_snapshot: false,
    lucene_version: '9.12.0',
    minimum_wire_compatibility_version: '7.17.0',
    minimum_index_compatibility_version: '7.0.0',
  },
  tagline: 'You Know, for Search',
});

interface Probe {
  readonly methods: string;
  readonly path: RegExp;
  answer(version: string): ProbeAnswer;
}

/**
 * What shippers ask before they send, the first row that fits. Nothing is kept: templates and policies are acknowledged,
 * and exist when they are asked for, so that nobody waits for them.
 */
const PROBES: readonly Probe[] = [
  { methods: 'GET HEAD', path: /^\/$/, answer: (version) => ok(about(version)) },
  { methods: 'GET', path: /^\/_license$/, answer: () => ok({ license }) },
  { methods: 'GET', path: /^\/_xpack$/, answer: () => ok({ license, features: {} }) },
  {
    methods: 'GET HEAD',
    path: /^\/_cluster\/health/,
    answer: () => ok({ cluster_name: 'statuslens', status: 'green', timed_out: false, number_of_nodes: 1 }),
  },
  { methods: 'GET HEAD', path: /^\/_cat\/health/, answer: () => ok([{ status: 'green' }]) },
  { methods: 'GET', path: /^\/_nodes(\/|$)/, answer: () => NO_NODES },
  { methods: 'GET', path: /^\/_(logstash|security|ingest)\//, answer: () => ok({}) },
  { methods: 'HEAD', path: /^/, answer: () => ok({}) },
  { methods: 'PUT', path: /^\/[^/]/, answer: () => ACKNOWLEDGED },
  {
    methods: 'GET POST',
    path: /\/_refresh$/,
    answer: () => ok({ _shards: { total: 0, successful: 0, failed: 0 } }),
  },
  { methods: 'GET', path: /^\/_(ilm\/policy|(index_|component_)?template)\//, answer: () => ok({}) },
];

const UNKNOWN: ProbeAnswer = {
  status: 404,
  body: {
    error: {
      type: 'resource_not_found_exception',
      reason: 'Of Elasticsearch, only _bulk is spoken here, and what shippers ask before they send.',
    },
    status: 404,
  },
};

/**
 * @param path without its query
 * @param version of Elasticsearch that is told
 */
export const elasticsearchProbe = (method: string, path: string, version: string): ProbeAnswer =>
  PROBES.find((probe) => probe.methods.split(' ').includes(method) && probe.path.test(path))?.answer(
    version,
  ) ?? UNKNOWN;
