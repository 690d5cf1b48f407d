import { isDeepStrictEqual } from 'node:util';
import type { Settings, Source } from './settings.js';

/** What a process has opened, or promised to others, when it started. */
const fixedParts = ({ redis, ingest, worker, exporter, claims }: Settings) => ({
  redis: redis.access,
  'redis.replicas': redis.replicas,
  'redis.appendfsync': redis.appendfsync,
  'redis.data': redis.data,
  'ingest.listen': ingest.listen,
  'ingest.receivers': ingest.receivers,
  'worker.listen': worker.listen,
  'worker.lock': worker.lock,
  'exporter.listen': exporter.listen,
  'exporter.state': exporter.state,
  'claims.ttl': claims.ttlMs,
  'claims.max_bytes': claims.maxBytes,
});

/** Settings that differ and that only a restart can bring into force. */
export function needRestart(running: Settings, wanted: Settings): string[] {
  const now = fixedParts(running);
  return Object.entries(fixedParts(wanted))
    .filter(([name, value]) => !isDeepStrictEqual(value, now[name as keyof typeof now]))
    .map(([name]) => name);
}

/**
 * The wanted settings, as far as a running process can follow them. Sources that are what they were stay the same
 * objects, so that whatever was made of them can stay, too.
 */
export function asFarAsPossible(running: Settings, wanted: Settings): Settings {
  const { redis, ingest, worker, exporter, claims, sources } = running;
  return Object.freeze({
    ...wanted,
    redis,
    claims,
    exporter: { ...wanted.exporter, listen: exporter.listen, state: exporter.state },
    ingest: { ...wanted.ingest, listen: ingest.listen, receivers: ingest.receivers },
    worker: { ...wanted.worker, listen: worker.listen, lock: worker.lock },
    sources: new Map([...wanted.sources].map(([name, source]) => [name, kept(sources.get(name), source)])),
  });
}

const kept = (before: Source | undefined, source: Source): Source =>
  before && isDeepStrictEqual(comparable(before), comparable(source)) ? before : source;

/** Functions are never equal; this one follows from the addresses beside it. */
const comparable = ({ ignore, ...rest }: Source) => ({
  ...rest,
  ignore: { ...ignore, hasAddress: undefined },
});

/** Other settings that are compared as a whole, by the name of their section in the file. */
const SECTIONS: Readonly<Record<string, (settings: Settings) => unknown>> = {
  ingest: ({ ingest }) => ingest,
  worker: ({ worker }) => worker,
  exporter: ({ exporter }) => exporter,
  dead: ({ dead }) => dead,
  conduct: ({ conduct }) => conduct,
  late_after: ({ lateAfterMs }) => lateAfterMs,
  shutdown: ({ shutdown }) => shutdown,
  monitoring: ({ objectives }) => objectives,
};

/** What became different, in words for a log; nothing if nothing did. */
export function differences(before: Settings, after: Settings): string[] {
  const names = new Set([...before.sources.keys(), ...after.sources.keys()]);
  const sources = [...names].flatMap((name) => {
    const [then, now] = [before.sources.get(name), after.sources.get(name)];
    return then === now ? [] : [`source ${name} ${!then ? 'is new' : now ? 'is changed' : 'is gone'}`];
  });
  const sections = Object.entries(SECTIONS)
    .filter(([, of]) => !isDeepStrictEqual(of(before), of(after)))
    .map(([name]) => `${name} is changed`);
  const vendors = before.catalogue === after.catalogue ? [] : ['vendors are changed'];
  return [...sources, ...vendors, ...sections];
}
