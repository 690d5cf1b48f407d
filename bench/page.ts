import { numberText, table } from './markdown.js';
import type { Bench, Section } from './section.js';

/** docs/benchmarks.md. @param machine what it was measured on and with */
export function pageOf(machine: string, { lines }: Bench, sections: readonly Section[], date: Date): string {
  const targets = sections.flatMap((section) => section.targets);
  return `# Benchmarks

Written by \`npm run bench\`: how fast statuslens is, beside others that read the same lines in the same run. The ratios count;
the figures are those of one small machine on one day.

${date.toISOString().slice(0, 10)}: ${machine}.

## What was aimed at

${table(
  ['', 'wanted', 'measured', ''],
  targets.map(({ what, wanted, measured, isKept }) => [
    what,
    wanted,
    measured,
    isKept ? 'kept' : '**missed**',
  ]),
)}

## What is measured

One log of ${numberText(lines)} requests to all five storage APIs, 2 % of which fail and most of these come again, is written twice: as JSON in
the format of [docs/gateways/nginx.md](gateways/nginx.md) (800 bytes a line), and as \`combined\` (190 bytes). Vendors are told line
by line (\`vendor: auto\`). Privacy, origin, histograms, devices, routes, evidence and the following of callers are as they are by
default. Processes run with the variables of the image, and Redis writes an append-only file. mtail counts requests by method and
status, with one regular expression a line: what a hand-written program for it does at least. goaccess computes all its panels.

**What this does not say.** Everybody here shares two cores with their sender. mtail, goaccess, jq, gzip and wc read a file that lies in
memory: they need no network, no queue, and lose nothing of it only as long as the file is there. A program of mtail that tells as much
as statuslens does (vendors, evidence, retries) does not exist, so what it would cost is not known.

${sections.map(({ text }) => text).join('\n\n')}

## Again

\`npm run bench\` takes some forty minutes. \`npm run bench -- --part latency\` prints one part; \`--lines\`, \`--rounds\` and \`--minutes\` make it
shorter. \`npm run bench:check\` compares counts that do not depend on the machine with the bounds in bench/bounds.json; it
is part of \`npm test\`. What was tried to get here, and what it gave, is [decision 18](decisions/0018-where-the-time-went.md).
`;
}
