// Where a running worker listens for its owner: a socket file, or a loopback port with a token where socket files do not work.
import { randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** Longest path of a socket file on the systems that have them (macOS: 104 with its terminating zero). */
const SOCKET_PATH_MAXIMUM = 100;

export type ControlPaths = { socket: string; portFile: string };

export function controlPathsOf(directory: string): ControlPaths {
  return { socket: join(directory, 'control.sock'), portFile: join(directory, 'control.json') };
}

export function hasSocketFile({ socket }: ControlPaths): boolean {
  return process.platform !== 'win32' && Buffer.byteLength(socket) <= SOCKET_PATH_MAXIMUM;
}

const portSchema = z.object({
  version: z.literal(1),
  /** Of this computer itself: one without the loopback address of IPv4 has that of IPv6. */
  host: z.enum(['127.0.0.1', '::1']).default('127.0.0.1'),
  port: z.int().min(1).max(65535),
  token: z.string().max(100),
});
export type PortFile = z.infer<typeof portSchema>;

/** Writes the port and a fresh token, readable by the owner only; returns the token. */
export function writePortFile({ portFile }: ControlPaths, { host, port }: Pick<PortFile, 'host' | 'port'>): string {
  const token = randomBytes(24).toString('base64url');
  rmSync(portFile, { force: true });
  writeFileSync(portFile, JSON.stringify({ version: 1, host, port, token }), { mode: 0o600 });
  chmodSync(portFile, 0o600);
  return token;
}

/** Undefined when no worker has written one. */
export function readPortFile({ portFile }: ControlPaths): PortFile | undefined {
  try {
    const parsed = portSchema.safeParse(JSON.parse(readFileSync(portFile, 'utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
