// Reads numeric constants and the comments above them from source files, so that tables of them cannot go stale.
import { readFileSync } from 'node:fs';
import { root } from './pages.mjs';

const CONSTANT = /^(?:export )?const ([A-Z][A-Z0-9_]*)(?:: [^=]+)? = (.+?);(?: \/\/ (.*))?$/;
const OPENING = /^(?:export )?const ([A-Z][A-Z0-9_]*)(?:: [^=]+)? = \{$/;
const MEMBER = /^ {2}(\w+): (.+?),?$/;
/** Joins the lines of a comment to one. */
const LINE_IN_COMMENT = /\n\s*\*(?!\/) ?|\n\s*(?=\*\/)/g;
/** Where constants that others are made of come from. */
const SHARED = 'work-units/contract/src/limits.ts';
const cache = new Map();

/** All constants of a file in order: `{ name, text, reason }`; members of an object are named `OBJECT.member`. */
export function constantsOf(file) {
  const known = cache.get(file);
  if (known) return known;
  const found = [];
  let reason = [];
  let object;
  const source = readFileSync(new URL(file, root), 'utf8').replace(LINE_IN_COMMENT, ' ');
  for (const line of source.split('\n')) {
    const comment = /^\s*\/\*\* ?(.*?) \*\/$/.exec(line);
    const constant = CONSTANT.exec(line);
    const member = object && MEMBER.exec(line);
    if (comment) reason = [comment[1]];
    else if (OPENING.test(line)) object = OPENING.exec(line)[1];
    else if (line.startsWith('}')) object = undefined;
    else if (constant) found.push({ name: constant[1], text: constant[2], reason: reason[0] ?? constant[3] ?? '' });
    else if (member) found.push({ name: `${object}.${member[1]}`, text: member[2], reason: reason[0] ?? '' });
    if (!comment) reason = [];
  }
  cache.set(file, found);
  return found;
}

/** The value of a constant in words, with the unit of its name unless told otherwise. Throws when the file has none of that name. */
export function limitOf(file, name, unit = name) {
  return inWords(unit, numberOf(file, name));
}

function numberOf(file, name) {
  const constant = constantsOf(file).find((candidate) => candidate.name === name);
  if (!constant) throw new Error(`${file} has no constant ${name}, which scripts/docs/limit-rows.mjs shows`);
  return evaluate(constant.text, file);
}

function evaluate(text, file) {
  const arithmetic = text
    .replace(/ as const$/, '')
    .replaceAll('Number.MAX_SAFE_INTEGER', String(Number.MAX_SAFE_INTEGER))
    .replace(/(\d)_(?=\d)/g, '$1')
    .replace(/[A-Z][A-Z0-9_]*/g, (name) => {
      const isHere = constantsOf(file).some((candidate) => candidate.name === name);
      return String(numberOf(isHere ? file : SHARED, name));
    });
  if (!/^[-\d.\s+*/()x]+$/.test(arithmetic)) throw new Error(`${file}: ${text} is no arithmetic`);
  return Function(`return (${arithmetic});`)();
}

const SIZES = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
const SPANS = [
  ['days', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
];

/** `1 MiB`, `90 s`, `20,000`: the unit is the end of the constant's name. */
export function inWords(name, value) {
  if (/_MEBIBYTES$|_MIB$/.test(name)) return size(value, 2);
  if (/_KIBIBYTES$/.test(name)) return size(value, 1);
  if (/bytes$|_BYTES_/i.test(name)) return size(value, 0);
  if (/ms$/i.test(name)) return span(value);
  if (/milli$/i.test(name)) return `${number(value / 1000)} credits`;
  return number(value);
}

function size(value, power) {
  let amount = value;
  let unit = power;
  while (amount >= 1024 && amount % 1024 === 0) {
    amount /= 1024;
    unit += 1;
  }
  return `${number(amount)} ${SIZES[unit]}`;
}

function span(ms) {
  const [unit, length] =
    SPANS.find(([unit, length]) => ms >= length * (unit === 'days' ? 2 : 1) && ms % length === 0) ?? [];
  if (unit) return `${number(ms / length)} ${unit}`;
  return ms >= 1000 && ms % 100 === 0 ? `${number(ms / 1000)} s` : `${number(ms)} ms`;
}

const number = (value) => value.toLocaleString('en', { maximumFractionDigits: 3 });
