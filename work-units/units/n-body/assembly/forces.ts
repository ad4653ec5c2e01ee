// The law of attraction: acceleration and jerk of every body from every other, one call through a function pointer for each pair.
import { bodiesEnd, BODY_BYTES, firstBody, MASS, NEW_ACCELERATION, NEW_JERK, PREDICTED_POSITION, PREDICTED_VELOCITY } from "./bodies";
import { clear } from "./vectors";

let softeningSquared: f64 = 0;
/** The index in the module's table of the law in force. */
let law: u32 = 0;

/** Newton's law for softening 0, otherwise Plummer's, which has no singularity. */
export function chooseLaw(softening: f64): void {
  softeningSquared = softening * softening;
  law = softening == 0 ? newton.index : plummer.index;
}

/** Gives every body the acceleration and the jerk at its predicted position and velocity. */
export function evaluate(): void {
  for (let body = firstBody; body < bodiesEnd; body += BODY_BYTES) {
    clear(body + NEW_ACCELERATION);
    clear(body + NEW_JERK);
  }
  for (let left = firstBody; left < bodiesEnd; left += BODY_BYTES) {
    for (let right = left + BODY_BYTES; right < bodiesEnd; right += BODY_BYTES) call_indirect<void>(law, left, right);
  }
}

function newton(left: usize, right: usize): void {
  attract(left, right, squaredDistance(left, right));
}

function plummer(left: usize, right: usize): void {
  attract(left, right, squaredDistance(left, right) + softeningSquared);
}

/** The number of the right body at `offset` minus that of the left one. */
// @ts-ignore: decorator
@inline
function between(left: usize, right: usize, offset: usize): f64 {
  return load<f64>(right + offset) - load<f64>(left + offset);
}

function squaredDistance(left: usize, right: usize): f64 {
  const x = between(left, right, PREDICTED_POSITION);
  const y = between(left, right, PREDICTED_POSITION + 8);
  const z = between(left, right, PREDICTED_POSITION + 16);
  return x * x + y * y + z * z;
}

/** Adds what two bodies do to each other; `square` is the (softened) square of their distance. */
function attract(left: usize, right: usize, square: f64): void {
  const x = between(left, right, PREDICTED_POSITION);
  const y = between(left, right, PREDICTED_POSITION + 8);
  const z = between(left, right, PREDICTED_POSITION + 16);
  const vx = between(left, right, PREDICTED_VELOCITY);
  const vy = between(left, right, PREDICTED_VELOCITY + 8);
  const vz = between(left, right, PREDICTED_VELOCITY + 16);
  const strength = 1 / (square * sqrt<f64>(square));
  const approach = 3 * (x * vx + y * vy + z * vz) / square;
  exchange(left, right, NEW_ACCELERATION, strength * x);
  exchange(left, right, NEW_ACCELERATION + 8, strength * y);
  exchange(left, right, NEW_ACCELERATION + 16, strength * z);
  exchange(left, right, NEW_JERK, strength * (vx - approach * x));
  exchange(left, right, NEW_JERK + 8, strength * (vy - approach * y));
  exchange(left, right, NEW_JERK + 16, strength * (vz - approach * z));
}

/** Adds a value, times the other body's mass, to the left body's number at `offset`, and takes it from the right one's. */
// @ts-ignore: decorator
@inline
function exchange(left: usize, right: usize, offset: usize, value: f64): void {
  store<f64>(left + offset, load<f64>(left + offset) + load<f64>(right + MASS) * value);
  store<f64>(right + offset, load<f64>(right + offset) - load<f64>(left + MASS) * value);
}

/** The potential energy of all pairs at the predicted positions. */
export function potentialEnergy(): f64 {
  let sum: f64 = 0;
  for (let left = firstBody; left < bodiesEnd; left += BODY_BYTES) {
    for (let right = left + BODY_BYTES; right < bodiesEnd; right += BODY_BYTES) {
      const square = squaredDistance(left, right) + softeningSquared;
      sum -= load<f64>(left + MASS) * load<f64>(right + MASS) / sqrt<f64>(square);
    }
  }
  return sum;
}
