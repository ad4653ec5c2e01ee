// The key-owned account that a host may belong to: its key, and the genesis that names it.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { labelSchema, ManyhandsError } from '@manyhands/contract';
import { z } from 'zod';
import { type DataFolder, keySeedIn } from './data-folder.js';

export type Account = {
  label: string;
  /** 16 bytes of the genesis; with key and label they make the account's identifier. */
  nonce: Uint8Array;
  keySeed: Uint8Array;
};

const NONCE_BYTES = 16;
const accountFileSchema = z.object({
  version: z.literal(1),
  label: labelSchema,
  nonce: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
});

/** The account in this folder; made with this label when there is none. Throws MH-GEN-009 when it has another label, MH-GEN-013. */
export function accountIn(folder: DataFolder, label: string): Account {
  const file = existsSync(folder.account) ? readAccountFile(folder.account) : create(folder.account, label);
  if (file.label !== label)
    throw new ManyhandsError('MH-GEN-009', {
      message: `This data folder belongs to the account ${file.label}. Use that name, or another folder with --data.`,
      meta: { label: file.label },
    });
  return { label, nonce: new Uint8Array(Buffer.from(file.nonce, 'base64url')), keySeed: keySeedIn(folder.accountKey) };
}

/** The name of the account whose key lies in a data folder; null when there is none. Throws MH-GEN-013 when it is damaged. */
export function accountLabelIn({ account, accountKey }: DataFolder): string | null {
  return existsSync(accountKey) && existsSync(account) ? readAccountFile(account).label : null;
}

function create(path: string, label: string): z.infer<typeof accountFileSchema> {
  const file = { version: 1 as const, label, nonce: randomBytes(NONCE_BYTES).toString('base64url') };
  writeFileSync(`${path}.part`, `${JSON.stringify(file)}\n`, { mode: 0o600, flush: true });
  renameSync(`${path}.part`, path);
  return file;
}

/** Throws MH-GEN-013. */
function readAccountFile(path: string): z.infer<typeof accountFileSchema> {
  try {
    return accountFileSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    const message = `${path} does not describe an account.`;
    throw new ManyhandsError('MH-GEN-013', { message, meta: { path }, cause });
  }
}
