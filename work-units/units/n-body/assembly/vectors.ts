// Vectors of three floats in memory, by their addresses.

// @ts-ignore: decorator
@inline
export const VECTOR_BYTES: usize = 24;

export function clear(target: usize): void {
  set(target, 0, 0, 0);
}

function set(target: usize, x: f64, y: f64, z: f64): void {
  store<f64>(target, x);
  store<f64>(target, y, 8);
  store<f64>(target, z, 16);
}

export function copy(target: usize, a: usize): void {
  set(target, load<f64>(a), load<f64>(a, 8), load<f64>(a, 16));
}

/** target = a - b */
export function difference(target: usize, a: usize, b: usize): void {
  set(target, load<f64>(a) - load<f64>(b), load<f64>(a, 8) - load<f64>(b, 8), load<f64>(a, 16) - load<f64>(b, 16));
}

/** target = a + factor * b */
export function combine(target: usize, a: usize, factor: f64, b: usize): void {
  set(
    target,
    load<f64>(a) + factor * load<f64>(b),
    load<f64>(a, 8) + factor * load<f64>(b, 8),
    load<f64>(a, 16) + factor * load<f64>(b, 16),
  );
}

/** a . b, summed from x to z. */
export function dot(a: usize, b: usize): f64 {
  return load<f64>(a) * load<f64>(b) + load<f64>(a, 8) * load<f64>(b, 8) + load<f64>(a, 16) * load<f64>(b, 16);
}

/** True when no component is infinite or no number. */
export function isFiniteVector(a: usize): bool {
  return isFinite(load<f64>(a)) && isFinite(load<f64>(a, 8)) && isFinite(load<f64>(a, 16));
}
