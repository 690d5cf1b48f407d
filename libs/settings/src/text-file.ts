import { readFileSync } from 'node:fs';

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EISDIR: 'it is a folder',
  EACCES: 'this user may not read it',
};

/** @returns the text, or an error with a sentence that follows the name of the file */
export function readText(path: string): string | Error {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    return new Error(`cannot be read: ${WHY[code] ?? code}`);
  }
}
