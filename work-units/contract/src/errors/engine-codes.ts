// Error codes of modules, units and hosts: what the validator and the unit host may say. Same rules as codes.ts.
import type { ErrorEntry } from './codes.js';

const refusal = (doc: string): ErrorEntry => ({ doc, fault: 'user', retryable: false, httpStatus: 400 });
const failure = (doc: string): ErrorEntry => ({ doc, fault: 'user', retryable: false, httpStatus: 200 });
const checkpoint = (doc: string): ErrorEntry => ({ doc, fault: 'peer', retryable: false, httpStatus: 409 });
const host = (doc: string): ErrorEntry => ({ doc, fault: 'platform', retryable: true, httpStatus: 200 });

export const ENGINE_ERROR_CODES = {
  'MH-MOD-001': refusal('The file is not a WebAssembly module, or it is truncated or malformed.'),
  'MH-MOD-002': refusal('The module is larger than the limit.'),
  'MH-MOD-003': refusal('The module imports something outside WASI preview 1.'),
  'MH-MOD-004': refusal('The module uses an instruction that is not allowed.'),
  'MH-MOD-005': refusal('The module has no exported function _start without parameters and results.'),
  'MH-MOD-006': refusal('The module must have exactly one memory of its own, exported as "memory".'),
  'MH-MOD-007': refusal('The module needs more memory at its start than the limit allows.'),
  'MH-MOD-008': refusal('The module has a section that is not allowed.'),
  'MH-MOD-009': refusal('The module has a start function, which would run before its limits are in force.'),
  'MH-MOD-010': refusal('The module exceeds a structural limit: functions, locals, nesting, tables or data.'),
  'MH-MOD-011': refusal('The module uses a type or feature that is not allowed.'),
  'MH-MOD-012': refusal('An import has another type than WASI preview 1 gives it.'),
  'MH-MOD-013': refusal('The module does not declare the memory maximum that its app version states.'),
  'MH-MOD-014': refusal('The module uses a name that is reserved for the instrumentation.'),
  'MH-MOD-015': refusal(
    'The functions of the module call one another too deep without recursion to be bounded at run time.',
  ),
  'MH-MOD-016': refusal('Instrumenting the module takes more time or memory than allowed.'),
  'MH-UNIT-001': failure('The program trapped.'),
  'MH-UNIT-002': failure('The program ended with an exit code that was not declared as success.'),
  'MH-UNIT-003': failure('The program wrote more output than the limit.'),
  'MH-UNIT-004': failure('The program’s files exceed the limit.'),
  'MH-UNIT-005': failure('The program opened more files than the limit.'),
  'MH-UNIT-006': failure(
    'The inputs of the unit cannot be given to a program: a file name, argument or variable is not usable.',
  ),
  'MH-UNIT-007': failure('The module does not fit the host: an unknown import, or no memory or _start exported.'),
  'MH-UNIT-008': failure('The program used more fuel than the limit of its unit.'),
  'MH-UNIT-009': failure('The program called functions inside one another deeper than the limit.'),
  'MH-UNIT-010': failure(
    'The program works for very long inside one innermost loop: it needs the other build (never the end of a unit).',
  ),
  'MH-UNIT-011': failure('One step of the program took more fuel than a step may.'),
  'MH-HOST-001': host('The host refused memory below the declared maximum.'),
  'MH-HOST-002': host('The native stack overflowed.'),
  'MH-HOST-003': host('The unit computed for longer than its time limit.'),
  'MH-HOST-004': host('The executor process ended while it ran the unit.'),
  'MH-HOST-005': host('The host could not compile or start the module.'),
  'MH-HOST-006': host('The inputs of the unit could not be fetched.'),
  // Checkpoints
  'MH-CKP-001': checkpoint('The checkpoint is malformed or larger than the limits of its unit allow.'),
  'MH-CKP-002': checkpoint('The checkpoint belongs to another unit, app version or build.'),
  'MH-CKP-003': checkpoint('The fuel or the marks of the checkpoint contradict each other.'),
  'MH-CKP-004': checkpoint('The state of the unit host in the checkpoint is impossible.'),
  'MH-CKP-005': checkpoint('The checkpoint is not the one that its predecessor signed.'),
  'MH-CKP-006': checkpoint('The checkpoint is not available, or this host may not have it.'),
  'MH-CKP-007': checkpoint(
    'The unit was handed over as often as it may be: this host is to finish it or give it back.',
  ),
} as const satisfies Record<string, ErrorEntry>;
