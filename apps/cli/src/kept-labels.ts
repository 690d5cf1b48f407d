import { UsageError } from './io.js';

/** Labels that Prometheus itself adds, as `--labels` names them. @throws UsageError */
export function keptLabels(text: string | undefined): string[] {
  const labels = text?.split(',') ?? [];
  const wrong = labels.find((label) => !/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label));
  if (wrong !== undefined) throw new UsageError(`--labels: "${wrong}" is not the name of a label`);
  return labels;
}
