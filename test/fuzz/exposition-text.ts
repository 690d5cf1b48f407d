const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = `[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"`;
const SAMPLE = new RegExp(`^${NAME}(?:\\{(?:${LABEL})(?:,${LABEL})*,?\\})? (?:-?[0-9.e+-]+|NaN|[+-]Inf)$`);
const COMMENT = new RegExp(`^# (?:HELP ${NAME} .*|TYPE ${NAME} (?:counter|gauge|histogram))$`);

/** The first line of a page that is none of the text format of Prometheus; undefined if all are. */
export const strangeLine = (page: string): string | undefined =>
  page.split('\n').find((line) => line !== '' && !SAMPLE.test(line) && !COMMENT.test(line));
