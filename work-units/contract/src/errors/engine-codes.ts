// Error codes of modules, units and hosts: what the validator and the unit host may say. Same rules as codes.ts.
import type { ErrorEntry } from './codes.js';

const refusal = (doc: string): ErrorEntry => ({ doc, fault: 'user', retryable: false, httpStatus: 400 });
const failure = (doc: string): ErrorEntry => ({ doc, fault: 'user', retryable: false, httpStatus: 200 });
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
  'MH-UNIT-001': failure('The program trapped.'),
  'MH-UNIT-002': failure('The program ended with an exit code that was not declared as success.'),
  'MH-UNIT-003': failure('The program wrote more output than the limit.'),
  'MH-UNIT-004': failure('The program’s files exceed the limit.'),
  'MH-UNIT-005': failure('The program opened more files than the limit.'),
  'MH-UNIT-006': failure(
    'The inputs of the unit cannot be given to a program: a file name, argument or variable is not usable.',
  ),
  'MH-UNIT-007': failure('The module does not fit the host: an unknown import, or no memory or _start exported.'),
  'MH-HOST-001': host('The host refused memory below the declared maximum.'),
  'MH-HOST-002': host('The native stack overflowed.'),
  'MH-HOST-003': host('The unit ran longer than its wall-clock limit.'),
  'MH-HOST-004': host('The executor process ended while it ran the unit.'),
  'MH-HOST-005': host('The host could not compile or start the module.'),
  'MH-HOST-006': host('The inputs of the unit could not be fetched.'),
} as const satisfies Record<string, ErrorEntry>;
