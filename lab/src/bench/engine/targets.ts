// What the engine is meant to reach, and whether it does.
import type { KernelFigures } from './bench-kernel.js';
import type { Variant } from './variants.js';

export type Target = { name: string; kernel: string; variant: Variant; against: 'plain' | 'native'; atMost: number };
export type Verdict = Target & { measured: number | null; isMet: boolean | null };

const cold = (kernel: string, variant: Variant, against: Target['against'], atMost: number): Target => ({
  name: `${kernel}, ${variant} to ${against === 'plain' ? 'plain wasm' : 'native -O2'}, cold`,
  kernel,
  variant,
  against,
  atMost,
});

const TARGETS: readonly Target[] = [
  cold('lucas-lehmer', 'nonleaf', 'plain', 1.05),
  cold('fft', 'nonleaf', 'plain', 1.35),
  cold('n-body', 'nonleaf', 'plain', 1.7),
  cold('n-body', 'step', 'plain', 1.25),
  cold('lucas-lehmer', 'nonleaf', 'native', 1.6),
];
/** Part of the time that hashing may take. */
const HASHING_SHARE_MAXIMUM = 0.02;

/** Null for what was not measured. */
export function verdicts(kernels: readonly KernelFigures[]): Verdict[] {
  return TARGETS.map((target) => {
    const figures = kernels.find(({ name }) => name === target.kernel);
    const variant = figures?.variants.find(({ variant }) => variant === target.variant);
    const ratio = target.against === 'plain' ? variant?.coldToPlain : variant?.coldToNative;
    const measured = ratio?.median ?? null;
    return { ...target, measured, isMet: measured === null ? null : measured <= target.atMost };
  });
}

/** Kernels that hash for more than the allowed share. */
export function slowHashing(kernels: readonly KernelFigures[]): string[] {
  return kernels.filter(({ probe }) => (probe?.hashingShare ?? 0) > HASHING_SHARE_MAXIMUM).map(({ name }) => name);
}
