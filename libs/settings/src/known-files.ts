import { Catalogue, loadVendor, type Mistake, type VendorFile } from '#catalogue';
import { readText } from './text-file.js';

type Understood = VendorFile | Mistake[];

/** The files that settings are made of. What has the same text when it is read again stays the same object. */
export class KnownFiles {
  private readonly asked = new Set<string>();
  private readonly vendors = new Map<string, { readonly text: string; readonly understood: Understood }>();
  private latest: Catalogue | undefined;

  /** Every file that was ever asked for, whether it was there or not. */
  get paths(): readonly string[] {
    return [...this.asked];
  }

  /** To be called before all is read again: files that are not asked for any more are nobody's concern. */
  forgetPaths(): void {
    this.asked.clear();
  }

  /** @returns the text, or an error with a sentence that follows the name of the file */
  text(path: string): string | Error {
    this.asked.add(path);
    return readText(path);
  }

  vendor(path: string): Understood {
    const text = this.text(path);
    if (text instanceof Error) return [{ file: path, line: 1, message: text.message }];
    const known = this.vendors.get(path);
    if (known?.text === text) return known.understood;
    const understood = loadVendor(path, text);
    this.vendors.set(path, { text, understood });
    return understood;
  }

  /** Compiled only if one of the files is another than last time. */
  catalogue(files: readonly VendorFile[]): Catalogue {
    const known = this.latest?.files;
    const same = known?.length === files.length && files.every((file, i) => file === known[i]);
    return (this.latest = same ? this.latest! : new Catalogue(files));
  }
}
