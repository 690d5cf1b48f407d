import { settingsFor } from '../harness/settings.js';
import { settingsOf } from './page.js';

it.each(['fluent-bit', 'fluentd', 'fluent-loggers', 'lumberjack'])(
  'the settings of docs/shippers/%s.md can be used as they are',
  (page) => {
    const { ingest, sources } = settingsFor('redis://127.0.0.1:1', settingsOf(page)).now;
    expect(sources.has('storage-gateway')).toBe(true);
    expect(ingest.names.find(['gateway.access', 'storage-gateway'], sources)).toBe('storage-gateway');
    expect(Object.values(ingest.receivers).filter(Boolean)).toHaveLength(1);
  },
);
