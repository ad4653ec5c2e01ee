// What is wrong with a value that has not the shape it should have, in words for people instead of a schema's.
import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** One clause for each trouble: `--memory must be at least 64 MiB; --cpus must be a whole number`. `names`: what people know the fields by, nested ones as `limits.timeoutMs`. */
export function shapeTrouble(
  error: Pick<z.core.$ZodError, 'issues'>,
  names: Readonly<Record<string, string>> = {},
): string {
  const clauses = error.issues.map((issue) => {
    const path = issue.path.filter((part) => typeof part !== 'number').map(String);
    return `${nameOf(path, names)} ${trouble(issue, path.at(-1) ?? '')}`;
  });
  return [...new Set(clauses)].join('; ');
}

/** The name of the longest part of the path that has one. */
function nameOf(path: readonly string[], names: Readonly<Record<string, string>>): string {
  for (let length = path.length; length > 0; length -= 1) {
    const name = names[path.slice(0, length).join('.')];
    if (name !== undefined) return name;
  }
  return path.join('.') || 'it';
}

function trouble(issue: Issue, field: string): string {
  const amount = (value: unknown): string => amountOf(value, field);
  switch (issue.code) {
    case 'too_small':
      return sizeTrouble(issue.origin, 'at least', { limit: issue.minimum, amount });
    case 'too_big':
      return sizeTrouble(issue.origin, 'at most', { limit: issue.maximum, amount });
    case 'invalid_type':
      return `must be ${KINDS[issue.expected] ?? 'of another kind'}`;
    case 'invalid_value':
      return `must be one of: ${issue.values.map(String).join(', ')}`;
    case 'invalid_format':
      return issue.format === 'url'
        ? 'must be an address such as https://hands.example.org'
        : 'has characters that are not allowed there';
    case 'unrecognized_keys':
      return `has parts that nobody knows: ${issue.keys.join(', ')}`;
    default:
      return issue.code === 'custom' && issue.message !== 'Invalid input' ? issue.message : 'is not usable';
  }
}

const KINDS: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

type Bound = { limit: number | bigint; amount: (value: unknown) => string };

function sizeTrouble(origin: string, side: 'at least' | 'at most', { limit, amount }: Bound): string {
  if (origin === 'string')
    return side === 'at least' && Number(limit) === 1 ? 'must not be empty' : `must have ${side} ${limit} characters`;
  if (origin === 'array' || origin === 'set' || origin === 'map') return `must have ${side} ${limit} entries`;
  return `must be ${side} ${amount(limit)}`;
}

const SIZES: readonly (readonly [string, number])[] = [
  ['GiB', 1024 ** 3],
  ['MiB', 1024 ** 2],
];
const TIMES: readonly (readonly [string, number])[] = [
  ['days', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
  ['ms', 1],
];

/** Sizes and times read as people write them; other figures as they are. */
function amountOf(value: unknown, field: string): string {
  const number = Number(value);
  const units = /bytes$/i.test(field) ? SIZES : /ms$/i.test(field) ? TIMES : [];
  const fitting = units.find(([, size]) => number >= size && number % size === 0);
  return fitting ? `${number / fitting[1]} ${fitting[0]}` : String(value);
}
