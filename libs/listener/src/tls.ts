import type { SecureContextOptions, Server, TLSSocket, TlsOptions } from 'node:tls';
import { UnusableTls, readTlsFiles, type Tls } from '#settings';

const LOOK_EVERY_MS = 1000;

/** What a TLS or HTTPS server is made of. @throws UnusableTls */
export const tlsOptions = (tls: Tls): TlsOptions => ({
  ...secureContext(tls),
  requestCert: tls.ca !== undefined,
  // who shows no certificate is told apart from who shows a wrong one once the handshake is done
  rejectUnauthorized: tls.ca !== undefined && tls.client === 'require',
});

const secureContext = (tls: Tls): SecureContextOptions => ({
  ...readTlsFiles(tls),
  minVersion: `TLSv${tls.min_version}`,
});

/** Ends connections whose client certificate is wrong or of a name that is not allowed. */
export function checkClients(server: Server, { ca, client_allowed_sans: allowed }: Tls): void {
  if (ca === undefined) return;
  // before whoever reads from the connection
  server.prependListener('secureConnection', (socket: TLSSocket) => {
    const { subject, subjectaltname = '' } = socket.getPeerCertificate();
    if (subject === undefined) return;
    const isKnown =
      socket.authorized && (!allowed || namesIn(subjectaltname).some((name) => allowed.includes(name)));
    if (!isKnown) socket.destroy();
  });
}

/** `DNS:a.example, URI:spiffe://b` without the kinds. Names with a comma are quoted, and stay so. */
const namesIn = (subjectaltname: string): string[] =>
  subjectaltname.split(', ').map((name) => name.replace(/^[^:]+:/, ''));

/**
 * Has new connections use the files as they are now, when they have changed. Contents are compared, not times: a
 * mounted secret is a link that is moved. Files that do not fit each other are left alone: half of them is new.
 * @param tell told once of each state of the files that cannot be used
 */
export function keepCertificate(server: Server, tls: Tls, tell: (problem: string) => void): void {
  let used = JSON.stringify(secureContext(tls));
  let told = '';
  const look = (): void => {
    try {
      const context = secureContext(tls);
      const found = JSON.stringify(context);
      if (found !== used) server.setSecureContext(context);
      used = found;
      told = '';
    } catch (error) {
      if (!(error instanceof UnusableTls)) throw error;
      if (error.message !== told) tell(error.message);
      told = error.message;
    }
  };
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  server.once('close', () => clearInterval(timer));
}
