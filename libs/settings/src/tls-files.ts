import { X509Certificate, createPrivateKey, type KeyObject } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { readText } from './text-file.js';

/** The files of a listener that speaks TLS, by absolute paths. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
  readonly ca: string | undefined;
}

/** What is in {@link TlsFiles}, PEM. */
export interface TlsTexts {
  readonly cert: string;
  readonly key: string;
  readonly ca: string | undefined;
}

/** What is wrong with one of the files. */
export class UnusableTls extends Error {
  constructor(
    readonly setting: keyof TlsFiles,
    message: string,
  ) {
    super(message);
    this.name = 'UnusableTls';
  }
}

/** Reads the files and sees that they fit each other. @throws UnusableTls */
export function readTlsFiles(files: TlsFiles): TlsTexts {
  const texts = {
    cert: textOf('cert', files.cert),
    key: textOf('key', files.key),
    ca: files.ca === undefined ? undefined : textOf('ca', files.ca),
  };
  const certificate = certificateIn('cert', files.cert, texts.cert);
  if (texts.ca !== undefined) certificateIn('ca', files.ca!, texts.ca);
  if (!certificate.checkPrivateKey(keyIn(files.key, texts.key)))
    throw new UnusableTls('key', `${files.key} is not the key of the certificate in ${files.cert}`);
  try {
    createSecureContext(texts);
  } catch (error) {
    throw new UnusableTls('cert', `${files.cert} cannot be used: ${(error as Error).message}`);
  }
  return texts;
}

function textOf(setting: keyof TlsFiles, path: string): string {
  const text = readText(path);
  if (text instanceof Error) throw new UnusableTls(setting, `${path} ${text.message}`);
  return text;
}

function certificateIn(setting: keyof TlsFiles, path: string, text: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch {
    throw new UnusableTls(setting, `${path} holds no certificate in PEM`);
  }
}

function keyIn(path: string, text: string): KeyObject {
  try {
    return createPrivateKey(text);
  } catch (error) {
    const encrypted = (error as NodeJS.ErrnoException).code === 'ERR_MISSING_PASSPHRASE';
    throw new UnusableTls(
      'key',
      encrypted
        ? `${path} is encrypted; it must be readable as it is`
        : `${path} holds no private key in PEM`,
    );
  }
}
