import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, lstat, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The kernel's limit for the path of a unix socket (108 with the closing zero byte). */
const LONGEST_PATH = 107;

/**
 * The path of the socket that belongs to a data folder, in a folder that is open to this user only. It is not
 * in the data folder itself, whose path may be longer than a socket's may.
 */
export async function runtimeSocket(dataDir: string, runtimeDir = usualRuntimeDir()): Promise<string> {
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
  const folder = join(runtimeDir, `statuslens-${name}`);
  const socket = join(folder, 'redis.sock');
  refuseLong(socket);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await refuseForeign(folder);
  await chmod(folder, 0o700);
  return socket;
}

function usualRuntimeDir(): string {
  const ofTheSession = process.env.XDG_RUNTIME_DIR;
  // After `su` the variable may name a folder that is gone.
  return ofTheSession && existsSync(ofTheSession) ? ofTheSession : tmpdir();
}

function refuseLong(socket: string): void {
  const bytes = Buffer.byteLength(socket);
  if (bytes <= LONGEST_PATH) return;
  throw new Error(
    `The path of Redis's socket, ${socket}, has ${bytes} bytes, and a socket's path may have ${LONGEST_PATH}. Set XDG_RUNTIME_DIR to a shorter one.`,
  );
}

/** In /tmp, another user could have made this folder to read what passes through the socket. */
async function refuseForeign(folder: string): Promise<void> {
  const found = await lstat(folder);
  if (found.isDirectory() && found.uid === process.getuid?.()) return;
  throw new Error(
    `${folder} should be a folder of this user, and is not. Remove it, or set XDG_RUNTIME_DIR.`,
  );
}
