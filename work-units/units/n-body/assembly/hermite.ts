// The integrator: Hermite's scheme of fourth order, one prediction, one evaluation and one correction a step.
import {
  ACCELERATION, bodiesEnd, BODY_BYTES, firstBody, JERK, MASS, NEW_ACCELERATION, NEW_JERK, POSITION, PREDICTED_POSITION, PREDICTED_VELOCITY,
  VELOCITY,
} from "./bodies";
import { evaluate, potentialEnergy } from "./forces";
import { combine, copy, difference, dot, isFiniteVector, VECTOR_BYTES } from "./vectors";

const sum = memory.data(<i32>VECTOR_BYTES);
const before = memory.data(<i32>VECTOR_BYTES);

let stepTime: f64 = 0;
let half: f64 = 0;
let third: f64 = 0;
let twelfth: f64 = 0;

/** Evaluates the forces at the start. */
export function startIntegration(time: f64): void {
  stepTime = time;
  half = time * 0.5;
  third = time / 3;
  twelfth = time * time / 12;
  for (let body = firstBody; body < bodiesEnd; body += BODY_BYTES) stay(body);
  evaluate();
  for (let body = firstBody; body < bodiesEnd; body += BODY_BYTES) keepForces(body);
}

/** Moves all bodies by one step; false when a number overflowed or two bodies met. */
export function integrate(): bool {
  for (let body = firstBody; body < bodiesEnd; body += BODY_BYTES) predict(body);
  evaluate();
  let isSound = true;
  for (let body = firstBody; body < bodiesEnd; body += BODY_BYTES) isSound = correct(body) && isSound;
  return isSound;
}

function stay(body: usize): void {
  copy(body + PREDICTED_POSITION, body + POSITION);
  copy(body + PREDICTED_VELOCITY, body + VELOCITY);
}

function keepForces(body: usize): void {
  copy(body + ACCELERATION, body + NEW_ACCELERATION);
  copy(body + JERK, body + NEW_JERK);
}

/** x + t (v + t/2 (a + t/3 j)) and v + t (a + t/2 j) */
function predict(body: usize): void {
  combine(sum, body + ACCELERATION, third, body + JERK);
  combine(sum, body + VELOCITY, half, sum);
  combine(body + PREDICTED_POSITION, body + POSITION, stepTime, sum);
  combine(sum, body + ACCELERATION, half, body + JERK);
  combine(body + PREDICTED_VELOCITY, body + VELOCITY, stepTime, sum);
}

/** v' = v + t/2 (a + a') + t²/12 (j - j') and x' = x + t/2 (v + v') + t²/12 (a - a') */
function correct(body: usize): bool {
  copy(before, body + VELOCITY);
  combine(sum, body + ACCELERATION, 1, body + NEW_ACCELERATION);
  combine(body + VELOCITY, before, half, sum);
  difference(sum, body + JERK, body + NEW_JERK);
  combine(body + VELOCITY, body + VELOCITY, twelfth, sum);
  combine(sum, before, 1, body + VELOCITY);
  combine(body + POSITION, body + POSITION, half, sum);
  difference(sum, body + ACCELERATION, body + NEW_ACCELERATION);
  combine(body + POSITION, body + POSITION, twelfth, sum);
  keepForces(body);
  return isFiniteVector(body + POSITION) && isFiniteVector(body + VELOCITY);
}

/** Kinetic and potential energy of all bodies as they are. */
export function energy(): f64 {
  let kinetic: f64 = 0;
  for (let body = firstBody; body < bodiesEnd; body += BODY_BYTES) {
    stay(body);
    kinetic += load<f64>(body + MASS) * dot(body + VELOCITY, body + VELOCITY);
  }
  return kinetic * 0.5 + potentialEnergy();
}
