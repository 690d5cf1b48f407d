/** One segment of a path template: the literal text, or `null` for a `{parameter}`. */
export type PathTemplate = readonly (string | null)[];

/** Reads an OpenAPI-like template: `/v2/{project_id}/instances` has three segments, the second one free. */
export const parsePathTemplate = (text: string): PathTemplate =>
  text
    .split('/')
    .slice(1)
    .map((segment) => (/^\{\w+\}$/.test(segment) ? null : segment));

/** Whether a path has exactly the shape of the template; its query and one trailing slash do not count. */
export function matchesTemplate(template: PathTemplate, path: string): boolean {
  const segments = path.split('?', 1)[0]!.replace(/\/$/, '').split('/').slice(1);
  return (
    segments.length === template.length &&
    template.every((literal, i) => (literal === null ? segments[i] !== '' : literal === segments[i]))
  );
}
