// The law of attraction: acceleration and jerk of every body from every other, one call through a function pointer for each pair.
import { bodiesEnd, BODY_BYTES, firstBody, MASS, NEW_ACCELERATION, NEW_JERK, PREDICTED_POSITION, PREDICTED_VELOCITY } from "./bodies";
import { clear, combine, difference, dot, scale, VECTOR_BYTES } from "./vectors";

const separation = memory.data(<i32>VECTOR_BYTES);
const drift = memory.data(<i32>VECTOR_BYTES);
const pull = memory.data(<i32>VECTOR_BYTES);
const change = memory.data(<i32>VECTOR_BYTES);

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
  difference(separation, right + PREDICTED_POSITION, left + PREDICTED_POSITION);
  attract(left, right, dot(separation, separation));
}

function plummer(left: usize, right: usize): void {
  difference(separation, right + PREDICTED_POSITION, left + PREDICTED_POSITION);
  attract(left, right, dot(separation, separation) + softeningSquared);
}

/** Adds what two bodies do to each other; `square` is the (softened) square of their distance. */
function attract(left: usize, right: usize, square: f64): void {
  difference(drift, right + PREDICTED_VELOCITY, left + PREDICTED_VELOCITY);
  const strength = 1 / (square * sqrt<f64>(square));
  const approach = 3 * dot(separation, drift) / square;
  scale(pull, strength, separation);
  combine(change, drift, -approach, separation);
  scale(change, strength, change);
  give(left, load<f64>(right + MASS));
  give(right, -load<f64>(left + MASS));
}

/** Adds pull and change, times the other body's mass, to a body. */
function give(body: usize, mass: f64): void {
  combine(body + NEW_ACCELERATION, body + NEW_ACCELERATION, mass, pull);
  combine(body + NEW_JERK, body + NEW_JERK, mass, change);
}

/** The potential energy of all pairs at the predicted positions. */
export function potentialEnergy(): f64 {
  let sum: f64 = 0;
  for (let left = firstBody; left < bodiesEnd; left += BODY_BYTES) {
    for (let right = left + BODY_BYTES; right < bodiesEnd; right += BODY_BYTES) {
      difference(separation, right + PREDICTED_POSITION, left + PREDICTED_POSITION);
      const square = dot(separation, separation) + softeningSquared;
      sum -= load<f64>(left + MASS) * load<f64>(right + MASS) / sqrt<f64>(square);
    }
  }
  return sum;
}
