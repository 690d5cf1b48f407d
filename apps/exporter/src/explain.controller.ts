import { BadRequestException, Controller, Get, NotFoundException, Param, Query } from '@nestjs/common';
import { FIRST_CODE, LAST_CODE, ORIGINS, type Context, type Origin } from '#catalogue';
import { LiveSettings } from '#settings';
import { explain, type Explanation } from '#verdict';

/** What a status of a vendor means: where the links of alerts and dashboards lead. */
@Controller('/explain')
export class ExplainController {
  constructor(private readonly settings: LiveSettings) {}

  @Get('/:vendor/:code')
  explain(
    @Param('vendor') vendor: string,
    @Param('code') code: string,
    @Query() query: Readonly<Record<string, unknown>>,
  ): Explanation {
    const { catalogue } = this.settings.now;
    const known = catalogue.files.map((file) => file.vendor);
    if (!known.includes(vendor))
      throw new NotFoundException(`unknown vendor; known are: ${known.join(', ')}`);
    return explain(catalogue, vendor, status(code), contextOf(query), originOf(query['origin']));
  }
}

function status(text: string): number {
  const code = Number(text);
  if (Number.isInteger(code) && code >= FIRST_CODE && code <= LAST_CODE) return code;
  throw new BadRequestException(`the status must be a number from ${FIRST_CODE} to ${LAST_CODE}`);
}

/** `method`, `path`, `retry_after` and `partial_success`, as the address gives them. */
function contextOf(query: Readonly<Record<string, unknown>>): Context {
  const text = (key: string): string | undefined => {
    const value = query[key];
    return typeof value === 'string' ? value : undefined;
  };
  const number = (key: string): number | undefined =>
    text(key) === undefined ? undefined : Number(text(key));
  return {
    method: text('method'),
    path: text('path'),
    retry_after: number('retry_after'),
    partialSuccessResponses: number('partial_success'),
  };
}

const originOf = (value: unknown): Origin => ORIGINS.find((origin) => origin === value) ?? 'unknown';
