// One sentence for each way in which a unit, a replica, a lease or a batch comes to its end without a result.

const SENTENCES: Readonly<Record<string, string>> = {
  // Units and batches, for good
  'MH-VAL-001': 'It failed in the same way on several computers.',
  'MH-VAL-002': 'The computers kept giving different answers.',
  'MH-VAL-003': 'Too many computers could not run it.',
  'MH-VAL-004': 'The batch was cancelled before it was done.',
  'MH-VAL-005': 'The batch expired before it was done.',
  'MH-VAL-006': 'The operator stopped the program before it was done.',
  'MH-VAL-007': 'This computer gave another answer than those that agreed.',
  'MH-VAL-008':
    'It is held: computers of four people, which deliver other work, took it and none came to its end. Its scientist can open it again.',
  // The program failed
  'MH-UNIT-001': 'The program crashed.',
  'MH-UNIT-002': 'The exit code of the program does not count as success.',
  'MH-UNIT-003': 'The program wrote more output than it may.',
  'MH-UNIT-004': 'The files of the program became larger than they may.',
  'MH-UNIT-005': 'The program opened more files than it may.',
  'MH-UNIT-006': 'A file name, argument or variable of the unit cannot be given to a program.',
  'MH-UNIT-007': 'The program needs something that the computers do not offer.',
  'MH-UNIT-008': 'The program used up its fuel before it was done.',
  'MH-UNIT-009': 'The program called functions inside one another deeper than it may.',
  'MH-UNIT-010': 'The program needs its other build; it is run again with that.',
  'MH-UNIT-011': 'One step of the program took more fuel than a step may.',
  // The computer failed
  'MH-HOST-001': 'The computer had too little memory for it.',
  'MH-HOST-002': 'The native stack of the computer overflowed.',
  'MH-HOST-003': 'It computed for longer than its time limit.',
  'MH-HOST-004': 'The process that ran it ended in the middle.',
  'MH-HOST-005': 'The computer could not compile or start the program.',
  'MH-HOST-006': 'The computer could not fetch its inputs.',
  'MH-APP-004': 'The worker is too old for this program.',
  // What another computer had begun could not be continued
  'MH-CKP-001': 'The save that it should continue from is damaged or too large.',
  'MH-CKP-002': 'The save that it should continue from belongs to something else.',
  'MH-CKP-003': 'The save that it should continue from contradicts itself.',
  'MH-CKP-004': 'The save that it should continue from shows an impossible state.',
  'MH-CKP-005': 'The save that it should continue from is not the one that was signed.',
  'MH-CKP-006': 'The save that it should continue from is gone.',
  'MH-CKP-007': 'It was passed on as often as it may be.',
  // Leases
  'MH-LSE-001': 'The lease is over: its time ran out, or the unit was settled without it.',
};

/** Never empty: a code that is not known here is named. */
export function sentenceOf(code: string | null): string {
  if (code === null) return 'It ended, and no code says why: please report this.';
  return Object.hasOwn(SENTENCES, code)
    ? (SENTENCES[code] as string)
    : `It ended for a reason that this version has no words for: ${code}.`;
}
