import { RULE_FORMATS, ruleGroups, type RuleFormat } from '#monitoring';
import { ruleScopeOf } from '#settings';
import { parse } from '../arguments.js';
import { UsageError, type Command } from '../io.js';
import { keptLabels } from '../kept-labels.js';
import { knownSettings } from '../known-settings.js';
import { rulesText } from '../rules-text.js';

const OPTIONS = {
  format: { type: 'string' },
  labels: { type: 'string' },
  config: { type: 'string' },
} as const;

/** Recording and alerting rules that follow from catalogue and settings. */
export const rules: Command = {
  usage:
    'statuslens rules [--format prometheus|kubernetes|mimir] [--labels cluster,env] [--config FILE]\n' +
    '  --labels names labels that Prometheus itself adds to every series; alerts keep them',
  about: 'writes recording rules and alerts that name who must act',
  async run(args, io) {
    const { values, positionals } = parse(args, OPTIONS);
    if (positionals.length > 0) throw new UsageError(`unexpected argument "${positionals[0]}"`);
    const document = RULE_FORMATS[formatOf(values.format)];
    const scope = ruleScopeOf(knownSettings(values.config, io), keptLabels(values.labels));
    io.stdout.write(rulesText(document(ruleGroups(scope))));
    return 0;
  },
};

function formatOf(text = 'prometheus'): RuleFormat {
  if (Object.hasOwn(RULE_FORMATS, text)) return text as RuleFormat;
  throw new UsageError(`unknown format "${text}"; known are: ${Object.keys(RULE_FORMATS).join(', ')}`);
}
