import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startProgram } from './child.js';
import { testProgram } from './programs.js';

/** Files in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** An authority of one's own: its certificate is what others must trust. */
export async function makeAuthority(folder: string, name: string): Promise<Certificate> {
  const files = filesOf(folder, name);
  await openssl('req', '-x509', ...NEW_KEY, '-keyout', files.key, '-out', files.cert, '-subj', `/CN=${name}`);
  return files;
}

/** @param names what the certificate is for, as `DNS:redis` or `IP:127.0.0.1` */
export async function makeCertificate(
  folder: string,
  name: string,
  names: readonly string[],
  authority: Certificate,
): Promise<Certificate> {
  const files = filesOf(folder, name);
  const [request, extensions] = [join(folder, `${name}.csr`), join(folder, `${name}.ext`)];
  writeFileSync(extensions, `subjectAltName = ${names.join(', ')}\n`);
  await openssl('req', '-new', ...NEW_KEY, '-keyout', files.key, '-out', request, '-subj', `/CN=${name}`);
  const signing = ['-CA', authority.cert, '-CAkey', authority.key, '-CAcreateserial', '-extfile', extensions];
  await openssl('x509', '-req', '-in', request, '-out', files.cert, '-days', '2', ...signing);
  return files;
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

const filesOf = (folder: string, name: string): Certificate => ({
  cert: join(folder, `${name}.pem`),
  key: join(folder, `${name}.key`),
});

async function openssl(...args: string[]): Promise<void> {
  const child = startProgram(await testProgram('openssl'), args);
  if ((await child.exited).code !== 0) throw new Error(child.output);
}
