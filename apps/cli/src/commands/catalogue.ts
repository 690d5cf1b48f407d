import { statSync } from 'node:fs';
import { Catalogue, type VendorFile } from '#catalogue';
import { InvalidSettings, shippedVendors, vendorsAt } from '#settings';
import { parse } from '../arguments.js';
import { alertChanges, alertLines } from '../catalogue-diff/alert-changes.js';
import { vendorLines } from '../catalogue-diff/vendor-lines.js';
import { UsageError, type Command } from '../io.js';

/** What stands for the vendor files that come with statuslens. */
const SHIPPED = 'shipped';

/** What a new revision of vendor files moves. Exit codes as those of diff(1). */
export const catalogue: Command = {
  usage:
    'statuslens catalogue diff OLD NEW\n' +
    `  each a vendor file, a folder of them, or "${SHIPPED}"; one file is compared with its vendor there;\n` +
    '  exits with 0 if they are the same, 1 if they differ, 2 on an error',
  about: 'tells which statuses, series and alerts another revision of vendor files moves',
  async run([action = '', ...args], io) {
    if (action !== 'diff')
      throw new UsageError(action === '' ? 'needs: diff' : `unknown "${action}"; known is: diff`);
    const { positionals } = parse(args, {});
    if (positionals.length !== 2) throw new UsageError('needs OLD and NEW');
    const [before, after] = sides(positionals as [string, string]);
    if (!before || !after) return 2;
    const lines = differenceLines(before, after);
    io.stdout.write(lines.length === 0 ? 'nothing is different\n' : `${lines.join('\n')}\n`);
    return lines.length === 0 ? 0 : 1;

    function sides(paths: [string, string]): Catalogue[] {
      try {
        return comparable(...(paths.map(vendorsOf) as [Side, Side])).map((files) => new Catalogue(files));
      } catch (error) {
        if (!(error instanceof InvalidSettings)) throw error;
        io.stderr.write(`${error.message}\n`);
        return [];
      }
    }
  },
};

interface Side {
  readonly files: readonly VendorFile[];
  /** Whether it is a file: of the other side only its vendor counts. */
  readonly isOne: boolean;
}

function vendorsOf(path: string): Side {
  if (path === SHIPPED) return { files: shippedVendors(), isOne: false };
  return { files: vendorsAt(path), isOne: statSync(path).isFile() };
}

function comparable(before: Side, after: Side): (readonly VendorFile[])[] {
  const isAskedFor = ({ vendor }: VendorFile): boolean =>
    [before, after].every(({ files, isOne }) => !isOne || files.some((file) => file.vendor === vendor));
  if (before.isOne && after.isOne) return [before.files, after.files];
  return [before.files.filter(isAskedFor), after.files.filter(isAskedFor)];
}

function differenceLines(before: Catalogue, after: Catalogue): string[] {
  const names = new Set([...before.files, ...after.files].map(({ vendor }) => vendor));
  const vendors = [...names].flatMap((vendor) => vendorLines(before, after, vendor));
  return [...vendors, ...alertLines(alertChanges(before, after))];
}
