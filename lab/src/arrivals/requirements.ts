// What is asked of a run, and whether it was met. Pure.

export type Measured = {
  /** Hosts that were to come, the honest ones among them, and how many of them handed in a receipt. */
  readonly comers: number;
  readonly comersServed: number;
  /** Refused with anything but *later*: handshakes, leases, renewals, receipts, and connections that ended. */
  readonly refusedOtherwise: number;
  readonly early: number;
  readonly acknowledged: number;
  readonly lost: number;
  readonly baseLeaseP95Ms: number;
  readonly leaseP95Ms: number;
  readonly bytesPerConnection: number;
  readonly pages: Answers;
  readonly health: Answers;
  readonly honest: number;
  readonly honestServed: number;
  /** Of the processes of hosts, the one that was later. */
  readonly generatorLateP95Ms: number;
};
export type Answers = { readonly asked: number; readonly failed: number };
export type Requirement = { name: string; value: number; target: string; unit: string; isMet: boolean };

const REFUSED_PART_MAXIMUM = 0.01;
const SERVED_PART_MINIMUM = 0.99;
const LEASE_FACTOR = 2;
const LEASE_MINIMUM_MS = 250;
const CONNECTION_MAXIMUM_BYTES = 24 * 1024;
/** Beyond it the generator measures itself. */
const GENERATOR_LATE_MAXIMUM_MS = 100;

export function requirementsOf(measured: Measured): Requirement[] {
  const { comers, honest, pages, health } = measured;
  const leaseMaximumMs = Math.max(LEASE_MINIMUM_MS, LEASE_FACTOR * measured.baseLeaseP95Ms);
  return [
    most('refused with anything but later', measured.refusedOtherwise / comers, REFUSED_PART_MAXIMUM, 'of the comers'),
    most('came before the time they were told', measured.early, 0, 'times'),
    most('acknowledged receipts lost', measured.lost, 0, `of ${measured.acknowledged}`),
    most('p95 of a lease afterwards', measured.leaseP95Ms, leaseMaximumMs, 'ms'),
    most('memory of a connection', measured.bytesPerConnection, CONNECTION_MAXIMUM_BYTES, 'bytes'),
    most('home page without an answer', pages.failed, 0, `of ${pages.asked}`),
    most('/healthz without an answer', health.failed, 0, `of ${health.asked}`),
    least('honest hosts with a receipt', measured.honestServed, honest, `of ${honest}`),
    least('comers with a receipt', measured.comersServed / comers, SERVED_PART_MINIMUM, 'of the comers'),
  ];
}

export function isVoid({ generatorLateP95Ms }: Pick<Measured, 'generatorLateP95Ms'>): boolean {
  return generatorLateP95Ms > GENERATOR_LATE_MAXIMUM_MS;
}

/** 0: met; 1: one is missed; 3: the run says nothing. */
export function exitCodeOf(requirements: readonly Requirement[], isRunVoid: boolean): 0 | 1 | 3 {
  if (isRunVoid) return 3;
  return requirements.every(({ isMet }) => isMet) ? 0 : 1;
}

function most(name: string, value: number, maximum: number, unit: string): Requirement {
  return { name, value: rounded(value), target: `at most ${rounded(maximum)}`, unit, isMet: value <= maximum };
}

function least(name: string, value: number, minimum: number, unit: string): Requirement {
  return { name, value: rounded(value), target: `at least ${rounded(minimum)}`, unit, isMet: value >= minimum };
}

function rounded(value: number): number {
  return Number(value.toFixed(value < 10 ? 4 : 1));
}
