import { readFile } from 'node:fs/promises';
import { isIPv4, type AddressInfo } from 'node:net';
import { endianness } from 'node:os';

/**
 * How many datagrams the system has dropped at a socket of ours because its receive buffer was full: Linux tells it in
 * the last column of /proc/net/udp. 0 where that cannot be read.
 */
export async function systemDrops({ address, port, family }: AddressInfo): Promise<number> {
  const table = await readFile(`/proc/net/${family === 'IPv6' ? 'udp6' : 'udp'}`, 'latin1').catch(() => '');
  return dropsIn(table, localAddress(address, port));
}

/** @param local as the table writes it */
export function dropsIn(table: string, local: string): number {
  return table
    .split('\n')
    .map((row) => row.trim().split(/\s+/))
    .filter(([, where]) => where?.endsWith(local))
    .reduce((sum, row) => sum + Number(row.at(-1)), 0);
}

/** `0100007F:158A`: the bytes of a word as the machine has them. Of IPv6, the port must do. */
export function localAddress(address: string, port: number): string {
  const at = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  if (!isIPv4(address)) return at;
  const bytes = Buffer.from(address.split('.').map(Number));
  return `${(endianness() === 'LE' ? bytes.reverse() : bytes).toString('hex').toUpperCase()}${at}`;
}
