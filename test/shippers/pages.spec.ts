import { settingsFor } from '../harness/settings.js';
import { Page } from './page.js';

it.each([
  ['fluent-bit.md', 'forward'],
  ['fluentd.md', 'forward'],
  ['fluent-loggers.md', 'forward'],
  ['lumberjack.md', 'lumberjack'],
])('the settings of docs/shippers/%s can be used as they are', (page, receiver) => {
  const { ingest, sources } = settingsFor('redis://127.0.0.1:1', new Page(page).settings(receiver)).now;
  expect(sources.has('storage-gateway')).toBe(true);
  expect(ingest.names.find(['gateway.access', 'storage-gateway'], sources)).toBe('storage-gateway');
});
