/** A log line, or a file of a user, may hold anything; a terminal must not obey it. */
export const visible = (text: string): string =>
  // eslint-disable-next-line no-control-regex -- control characters are what is taken out
  text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '\u00b7');
