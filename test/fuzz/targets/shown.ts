import assert from 'node:assert/strict';
import { HttpException } from '@nestjs/common';
import { SAMPLE_BYTES, lineSample, maskSecrets, visibleText } from '#access-log';
import { LiveSettings } from '#settings';
import { ExplainController } from '../../../apps/exporter/src/explain.controller.js';
import { chosen, choosing } from '../choice.js';
import { LOG_LINES } from '../corpus.js';
import type { Target } from '../target.js';

const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** What a terminal is shown. */
const visible: Target = {
  name: 'shown:visible-text',
  corpus: LOG_LINES.filter((_, i) => i % 10 === 0),
  share: 100,
  check(input) {
    const shown = visibleText(input.toString());
    assert(!UNSEEN.test(shown), 'a character that nobody sees');
    assert.equal(visibleText(shown), shown, 'shown again');
  },
};

const SECRET = 'Zq7-Xw9vK2pL';
/** How a secret stands in a log: it is not shown, whatever stands before or behind it. */
const PLANTED = [
  `?token=${SECRET}&a=b`,
  `&X-Amz-Signature=${SECRET} HTTP/1.1`,
  `{"password":"${SECRET}"}`,
  `"access_token":"${SECRET}",`,
  ` api_key=${SECRET} `,
  `Authorization: Bearer ${SECRET}\t`,
  `\tcookie:a=${SECRET}\t`,
  `https://me:${SECRET}@host/`,
];

const masked: Target = {
  name: 'shown:mask-secrets',
  corpus: LOG_LINES.filter((_, i) => i % 20 === 0).map((line, i) => choosing(i, line)),
  words: ['token', 'key=', 'password', 'Bearer ', '://', '@', '%3D', 'auth', 'cookie', '\\"', 'Basic '],
  share: 30,
  longest: 8192,
  check(input) {
    const [planted, line] = chosen(input, PLANTED);
    const text = line.toString();
    const once = maskSecrets(text);
    const twice = maskSecrets(once);
    assert.equal(maskSecrets(twice), twice, 'masked again');
    for (const whole of [`${planted}${text}`, `${text} ${planted}`])
      assert(!maskSecrets(whole).includes(SECRET), `shown: ${JSON.stringify(maskSecrets(whole))}`);
  },
};

const sample: Target = {
  name: 'shown:line-sample',
  corpus: LOG_LINES.filter((_, i) => i % 10 === 0),
  share: 100,
  check(input) {
    const sample = lineSample(input, 0, input.length);
    assert(Buffer.byteLength(sample) <= SAMPLE_BYTES, `${Buffer.byteLength(sample)} bytes`);
    assert.equal(Buffer.from(sample).toString(), sample, 'half a character');
  },
};

const settings = new LiveSettings('statuslens.yaml', {});
const controller = new ExplainController(settings);

/** `/explain/{vendor}/{code}?…`: an explanation, or an answer that says what is wrong. */
const explain: Target = {
  name: 'shown:explain',
  corpus: settings.now.catalogue.files.flatMap(({ vendor, statuses }) =>
    Object.keys(statuses).map((code) =>
      Buffer.from(
        `${vendor}/${code}?method=GET&path=/a?Timeout=3&retry_after=5&partial_success=2&origin=gateway`,
      ),
    ),
  ),
  words: ['/', '?', '&', '=', 'origin=', 'vendor', 'unknown', 'method=', 'retry_after='],
  share: 30,
  check(input) {
    const [path = '', query = ''] = input.toString().split(/\?(.*)/s);
    const [vendor = '', code = ''] = path.split('/');
    try {
      const told = controller.explain(vendor, code, Object.fromEntries(new URLSearchParams(query)));
      assert(told.verdict && told.meaning && told.who && told.todo && told.citation, 'something is not told');
      JSON.stringify(told);
    } catch (error) {
      if (!(error instanceof HttpException)) throw error;
      assert([400, 404].includes(error.getStatus()), `${error.getStatus()}`);
    }
  },
};

export const shownTargets: readonly Target[] = [visible, masked, sample, explain];
