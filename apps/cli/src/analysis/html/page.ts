import { createHash } from 'node:crypto';
import { VERSION } from '#settings';
import type { LogReview } from '../log-review.js';
import type { Report } from '../report.js';
import { conductSection, suspectSection } from './conduct-section.js';
import { groupSection } from './group-section.js';
import { Markup, markup } from './markup.js';
import { notes } from './notes.js';
import {
  count,
  countOf,
  leadSentences,
  notOkOf,
  percent,
  periodText,
  vendorNames,
  type VendorNames,
} from './plain-words.js';
import { STYLE } from './style.js';
import { timeSection } from './time-section.js';
import { toDoSection } from './to-do-section.js';

const MOST_BARS = 181;
/** "It was worst from … to …" means a stretch that somebody remembers. */
const BARS_OF_LEAD = 24;
const TITLE = 'Incident review';

/** One page that needs no other file, no script and no network, for people who were not there. */
export function htmlPage(report: Report, log: LogReview): string {
  const nameOf = vendorNames(log.verdicts.catalogue);
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hashOf(STYLE)}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${TITLE}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<header><h1>${TITLE}</h1><p class="soft">${periodOf(log)}</p></header>
${lead(report, log, nameOf)}
${figures(report)}
${timeSection(log.timeline?.bars(MOST_BARS))}
${toDoSection(report, nameOf)}
${groupSection(report)}
${report.conduct ? conductSection(report.conduct, log.conduct?.retries.bars(MOST_BARS), nameOf) : ''}
${report.conduct ? suspectSection(report.conduct) : ''}
${notes(report)}
<footer class="soft"><p>Made by statuslens ${VERSION}.</p></footer>
</body>
</html>
`;
  return page.source;
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64');

function periodOf({ review: { firstMs, lastMs }, verdicts }: LogReview): string {
  const requests = countOf(verdicts.lines.classified, 'request', 'requests');
  return lastMs < firstMs ? `${requests}, without times` : `${periodText(firstMs, lastMs)}, ${requests}`;
}

function lead(report: Report, log: LogReview, nameOf: VendorNames): Markup {
  const sentences = leadSentences(report, log.timeline?.bars(BARS_OF_LEAD), nameOf);
  const style = notOkOf(report).bad > 0 ? 'lead' : 'lead well';
  return markup`<section class="${style}">${sentences.map((sentence) => markup`<p>${sentence}</p>`)}</section>`;
}

function figures(report: Report): Markup {
  const { all, bad } = notOkOf(report);
  const { conduct } = report;
  const tiles: (readonly [number: string, what: string])[] = [
    [count(all), 'requests'],
    [`${count(bad)} (${percent(bad, all)})`, 'did not do what they were sent for'],
  ];
  if (conduct)
    tiles.push(
      [count(conduct.retries.reduce((sum, { requests }) => sum + requests, 0)), 'failed requests sent again'],
      [count(conduct.repeatedWrites), 'writes that may be done twice'],
    );
  return markup`<ul class="figures">${tiles.map(([number, what]) => markup`<li><b>${number}</b>${what}</li>`)}</ul>`;
}
