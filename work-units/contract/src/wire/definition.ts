// What every message of the worker's WebSocket states in one value: its type, direction, schema and bounds.
import { z } from 'zod';

/** The versions of the wire protocol that this code speaks; a peer that speaks none of them is refused with MH-WIR-002. */
export const PROTOCOL_MINIMUM = 1;
export const PROTOCOL_MAXIMUM = 1;

export type Direction = 'to-coordinator' | 'to-worker';

export type MessageDefinition<Schema extends z.ZodType = z.ZodType> = {
  readonly direction: Direction;
  readonly schema: Schema;
  /** Frames of this type above the bound are refused with MH-GEN-011. */
  readonly maximumBytes: number;
  /** How many a connection may send in a minute; more are refused with MH-GEN-012. */
  readonly perMinute: number;
};

/** Defines a message. `shape` holds the fields beside the type; unknown fields of unsigned messages are dropped. */
export function defineMessage<const Type extends string, Shape extends z.ZodRawShape, const D extends Direction>(
  type: Type,
  shape: Shape,
  bounds: { direction: D; maximumBytes: number; perMinute: number },
) {
  return { ...bounds, schema: z.object({ t: z.literal(type), ...shape }) };
}

/** Ties a reply to its request; chosen by the side that asks. */
export const requestIdSchema = z
  .int()
  .min(0)
  .max(2 ** 31);
export const bytesSchema = (maximumBytes: number) =>
  z.instanceof(Uint8Array).refine((bytes) => bytes.length <= maximumBytes, `more than ${maximumBytes} bytes`);
export const exactBytesSchema = (sizeBytes: number) =>
  z.instanceof(Uint8Array).refine((bytes) => bytes.length === sizeBytes, `not ${sizeBytes} bytes`);
