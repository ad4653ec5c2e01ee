// Opens signed records that came as base64url in JSON.
import { fromBase64Url, ManyhandsError, type Opened, open, type SignedType } from '@manyhands/contract';
import type { z } from 'zod';
import type { Settings } from '../config/settings.js';

export type OpenedRecord<T> = Extract<Opened<T>, { ok: true }> & { envelope: Uint8Array };

/** Verifies an envelope and reads its record. Throws MH-SIG-001, MH-SIG-002 or MH-SIG-004. */
export function openRecord<T>(
  text: string,
  settings: Settings,
  expected: { type: SignedType; schema: z.ZodType<T>; publicKey?: Uint8Array },
): OpenedRecord<T> {
  const { type, ...rest } = expected;
  const envelope = decode(text);
  const opened = open(envelope, { type, coordinatorId: settings.coordinatorId }, rest);
  if (!opened.ok)
    throw new ManyhandsError(opened.code, {
      message: `The ${type} record is refused: ${opened.reason}`,
      meta: { record: type, reason: opened.reason },
    });
  return { ...opened, envelope };
}

function decode(text: string): Uint8Array {
  try {
    return fromBase64Url(text);
  } catch (cause) {
    throw new ManyhandsError('MH-SIG-002', { cause });
  }
}
