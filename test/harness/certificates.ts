import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProgram } from './child.js';
import { testProgram } from './programs.js';

/** Paths of a certificate and its key. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority of a test, and what it has signed, in a folder of its own. */
export class Authority implements Certificate {
  private readonly folder = mkdtempSync(join(tmpdir(), 'statuslens-certificates-'));
  readonly cert = join(this.folder, 'ca.crt');
  readonly key = join(this.folder, 'ca.key');

  static async create(): Promise<Authority> {
    const authority = new Authority();
    await authority.openssl(
      'req',
      '-x509',
      ...NEW_KEY,
      authority.key,
      '-out',
      authority.cert,
      ...DAYS,
      '-subj',
      '/CN=tests',
    );
    return authority;
  }

  /** @param san such as `DNS:localhost,IP:127.0.0.1` */
  async sign(name: string, san: string): Promise<Certificate> {
    const path = (end: string): string => join(this.folder, `${name}.${end}`);
    const [cert, key] = [path('crt'), path('key')];
    writeFileSync(path('ext'), `subjectAltName=${san}\n`);
    await this.openssl('req', ...NEW_KEY, key, '-out', path('csr'), '-subj', `/CN=${name}`);
    const issuer = ['-CA', this.cert, '-CAkey', this.key, '-CAcreateserial'];
    await this.openssl(
      'x509',
      '-req',
      '-in',
      path('csr'),
      ...issuer,
      '-out',
      cert,
      ...DAYS,
      '-extfile',
      path('ext'),
    );
    return { cert, key };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async openssl(...args: string[]): Promise<void> {
    const openssl = startProgram(await testProgram('openssl'), args);
    if ((await openssl.exited).code !== 0) throw new Error(openssl.output);
  }
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout'];
const DAYS = ['-days', '2'];

/** What is in the files of a certificate. */
export const textsOf = ({ cert, key }: Certificate): Certificate => ({
  cert: readFileSync(cert, 'utf8'),
  key: readFileSync(key, 'utf8'),
});
