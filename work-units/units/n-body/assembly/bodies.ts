// The bodies: where each one's numbers lie.
import { VECTOR_BYTES } from "./vectors";

/** Offsets in a body's record: the mass, then vectors. */
// @ts-ignore: decorator
@inline
export const MASS: usize = 0;
// @ts-ignore: decorator
@inline
export const POSITION: usize = 8;
// @ts-ignore: decorator
@inline
export const VELOCITY: usize = POSITION + VECTOR_BYTES;
// @ts-ignore: decorator
@inline
export const ACCELERATION: usize = VELOCITY + VECTOR_BYTES;
// @ts-ignore: decorator
@inline
export const JERK: usize = ACCELERATION + VECTOR_BYTES;
/** Where forces are evaluated: position and velocity as predicted. */
// @ts-ignore: decorator
@inline
export const PREDICTED_POSITION: usize = JERK + VECTOR_BYTES;
// @ts-ignore: decorator
@inline
export const PREDICTED_VELOCITY: usize = PREDICTED_POSITION + VECTOR_BYTES;
/** What the evaluation gives there. */
// @ts-ignore: decorator
@inline
export const NEW_ACCELERATION: usize = PREDICTED_VELOCITY + VECTOR_BYTES;
// @ts-ignore: decorator
@inline
export const NEW_JERK: usize = NEW_ACCELERATION + VECTOR_BYTES;
// @ts-ignore: decorator
@inline
export const BODY_BYTES: usize = NEW_JERK + VECTOR_BYTES;

export let firstBody: usize = 0;
/** The address after the last body. */
export let bodiesEnd: usize = 0;

export function allocateBodies(count: usize): void {
  firstBody = heap.alloc(count * BODY_BYTES);
  bodiesEnd = firstBody + count * BODY_BYTES;
}
