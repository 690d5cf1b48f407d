/**
 * Says which setting a listener that could not be opened comes from.
 * @param setting such as `ingest.listen`
 */
export function listenError(
  error: unknown,
  setting: string,
  { host, port }: { readonly host: string; readonly port: number },
  file: string,
): Error {
  const code = (error as NodeJS.ErrnoException).code;
  const reason =
    code === 'EADDRINUSE'
      ? 'another program listens there'
      : code === 'EACCES'
        ? 'this user may not open that port'
        : code === 'EADDRNOTAVAIL'
          ? 'this machine does not have that address'
          : String((error as Error).message);
  return new Error(`cannot listen on ${host}:${port}: ${reason}. Change ${setting} in ${file}.`, {
    cause: error,
  });
}
