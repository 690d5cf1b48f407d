// @ts-check
// Writes what follows from the sources: the JSON Schemas that editors complete with, the page of settings, and the
// rules, runbooks and dashboards of the settings that come with the project.
// `npm run generate:check` fails if a committed file is not what this writes today.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import prettier from 'prettier';
import { vendorFileSchema } from '../dist/libs/catalogue/src/index.js';
import {
  ALERTS,
  RULE_FORMATS,
  drawnDashboards,
  ruleGroups,
  runbook,
} from '../dist/libs/monitoring/src/index.js';
import {
  dashboardScopeOf,
  loadSettings,
  ruleScopeOf,
  settingsSchema,
} from '../dist/libs/settings/src/index.js';
import { rulesText } from '../dist/apps/cli/src/rules-text.js';

/** @param {z.ZodType} schema */
const jsonSchema = (schema) => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });

/** @param {string} file @param {string} text */
async function write(file, text) {
  const options = (await prettier.resolveConfig(file)) ?? {};
  const parser = file.endsWith('.json') ? 'json' : undefined;
  writeFileSync(file, parser ? await prettier.format(text, { ...options, parser }) : text);
}

/**
 * One row a setting: its path, default and meaning.
 * @param {any} schema @param {string} path @returns {string[]}
 */
function settingRows(schema, path = '') {
  return Object.entries(schema.properties ?? {}).flatMap(([key, value]) => {
    const here = path === '' ? key : `${path}.${key}`;
    // described where it says it is the same as
    const inner = value['x-as']
      ? []
      : [...settingRows(value, here), ...settingRows(value.additionalProperties ?? {}, `${here}.<name>`)];
    const about = [value.description, value.enum ? `one of: ${value.enum.join(', ')}` : undefined]
      .filter(Boolean)
      .join('; ');
    const leaf = value.description !== undefined || inner.length === 0;
    const fallback =
      value.default === undefined || typeof value.default === 'object' ? '' : `\`${value.default}\``;
    return [...(leaf ? [`| \`${here}\` | ${fallback} | ${about.replaceAll('|', '\\|')} |`] : []), ...inner];
  });
}

const settings = jsonSchema(settingsSchema);
await write('libs/catalogue/vendor.schema.json', JSON.stringify(jsonSchema(vendorFileSchema)));
await write('libs/settings/statuslens.schema.json', JSON.stringify(settings));
await write(
  'docs/settings.md',
  [
    '# Settings',
    '',
    '`statuslens.yaml`, or the file that `STATUSLENS_CONFIG` names. `npx statuslens check-config FILE` lists every',
    'mistake with its line. This page is generated from the schema (`npm run generate`).',
    '',
    '| setting | default | meaning |',
    '|---|---|---|',
    ...settingRows(settings),
    '',
    'Environment: `STATUSLENS_CONFIG` names the settings file, `STATUSLENS_REDIS_URL` overrides `redis.url` and',
    '`redis.sentinels`. Which Redis, and who may do what in it: [redis.md](redis.md).',
    '',
  ].join('\n'),
);

const shipped = loadSettings('statuslens.yaml', {});
const scope = ruleScopeOf(shipped);
writeFileSync(
  'deploy/prometheus/rules/statuslens.yml',
  `# Written by \`npm run generate\`. For your own settings: statuslens rules --config FILE\n${rulesText(
    RULE_FORMATS.prometheus(ruleGroups(scope)),
  )}`,
);
// emptied first, so that the page of an alert that is gone goes too
rmSync('docs/runbooks', { recursive: true, force: true });
mkdirSync('docs/runbooks');
for (const alert of ALERTS) writeFileSync(`docs/runbooks/${alert.name}.md`, runbook(alert, scope));

const dashboards = 'deploy/grafana/provisioning/dashboards/statuslens';
rmSync(dashboards, { recursive: true, force: true });
mkdirSync(dashboards, { recursive: true });
for (const [name, dashboard] of await drawnDashboards(dashboardScopeOf(shipped)))
  await write(`${dashboards}/${name}.json`, JSON.stringify(dashboard));
