// Figures and states in words, in English: the pages that run in the browser say them in the reader's own way.
import type { Batch, Project, UnitCounts } from '@manyhands/contract';
import { endedInWords, openCounts, wordOfBatch } from '@manyhands/contract/words';
import type { Helpers } from '../questions/questions.service.js';

const NUMBER = new Intl.NumberFormat('en');
const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;
const NARROW_SPACE = '\u202F';

export function count(value: number): string {
  return NUMBER.format(value);
}

/** "1 computer", "2 computers". */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

export function bytes(sizeBytes: number): string {
  let value = sizeBytes;
  let unit = 0;
  while (value >= 1023.95 && unit < BYTE_UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const shown = new Intl.NumberFormat('en', { maximumFractionDigits: unit > 0 && value < 100 ? 1 : 0 }).format(value);
  return `${shown}${NARROW_SPACE}${BYTE_UNITS[unit]}`;
}

/** Cobblestones; work too small to be counted is not said to be nothing. */
export function credit(creditMilli: number, acceptedReplicas: number): string {
  if (creditMilli === 0) return acceptedReplicas > 0 ? 'under 0.001' : '0';
  return new Intl.NumberFormat('en', { minimumFractionDigits: 3, maximumFractionDigits: 3 }).format(creditMilli / 1000);
}

export type Progress = { readonly counts: Pick<UnitCounts, 'total' | 'accepted'>; readonly isVerified: boolean };

/** "811 of 1,235 units are done and checked". */
export function progress({ counts, isVerified }: Progress): string {
  const verb = counts.total === 1 ? 'is' : 'are';
  return `${count(counts.accepted)} of ${plural(counts.total, 'unit')} ${verb} done${isVerified ? ' and checked' : ''}`;
}

/** What the other units are at: "3 running, 420 waiting, 1 held, 2 failed, 44 cancelled"; empty when there are none. */
export function remainder(counts: UnitCounts): string {
  const { waiting, held } = openCounts(counts);
  const open = [
    [counts.checking, 'being checked'],
    [counts.running, 'running'],
    [waiting, 'waiting'],
    [held, 'held'],
  ] as const;
  const parts = open.filter(([value]) => value > 0).map(([value, state]) => `${count(value)} ${state}`);
  return [...parts, endedInWords(counts, count)].filter(Boolean).join(', ');
}

/** What goes on with a project, or why nothing does. */
export function situation(state: Project['state'], batch: Batch | undefined): string {
  if (state === 'pending') return 'Waiting for the operator’s approval';
  if (state === 'paused') return 'Paused by the operator; nothing is lost';
  if (!batch) return 'No work has been submitted yet';
  if (batch.state === 'open') return `Happening now: batch ${batch.name}`;
  return `Batch ${batch.name}: ${endOf(batch)}`;
}

function endOf(batch: Batch): string {
  const word = wordOfBatch(batch);
  return word === 'complete' ? 'finished' : word === 'expired' ? 'ran out of time' : word;
}

/** "7 people have helped, 3 here now with 5 computers". */
export function helpersInWords({ people: { total, online }, computersOnline }: Helpers): string {
  if (total === 0) return 'Nobody has helped yet';
  const now =
    online === 0 ? 'nobody is here now' : `${count(online)} here now with ${plural(computersOnline, 'computer')}`;
  return `${plural(total, 'person has', 'people have')} helped, ${now}`;
}

/** What a project asks, or what it is called where it asks nothing. */
export function questionOf({ question, title, name }: Pick<Project, 'question' | 'title' | 'name'>): string {
  return question.trim() || title.trim() || name;
}

/** The first `maximumCharacters` or fewer, ending at a word. */
export function shortened(text: string, maximumCharacters: number): string {
  const plain = text.replace(/\s+/g, ' ').trim();
  if (plain.length <= maximumCharacters) return plain;
  const cut = plain.slice(0, maximumCharacters);
  const lastBlank = cut.lastIndexOf(' ');
  return `${(lastBlank > maximumCharacters / 2 ? cut.slice(0, lastBlank) : cut).trimEnd()}…`;
}
