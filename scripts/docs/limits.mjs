// LIMITS.md: tables of limits. Values come from the constants, messages from the wire definitions, options from the coordinator's schema.
import { readFileSync } from 'node:fs';
import { variableOf } from '../../coordinator/dist/config/environment.js';
import { coordinatorOptionsSchema } from '../../coordinator/dist/config/options.js';
import { MESSAGES } from '../../work-units/contract/dist/index.js';
import { constantsOf, inWords, limitOf } from './constants.mjs';
import * as rows from './limit-rows.mjs';
import { root, table } from './pages.mjs';

const HEAD = ['limit', 'value', 'why', 'change'];

/** `faults` takes a sentence for each limit that is no longer where it was. */
export function limitBlocks(faults) {
  assertComplete(Object.values(rows.LIMIT_TABLES).flat());
  return {
    ...Object.fromEntries(
      Object.entries(rows.LIMIT_TABLES).map(([place, limits]) => [
        place,
        table(
          HEAD,
          limits.flatMap((row) => cellsOf(row, faults)),
        ),
      ]),
    ),
    ...Object.fromEntries(
      Object.entries(rows.SELF_EXPLAINED).map(([name, file]) => [`limits-${name}`, fromComments(file)]),
    ),
    'limits-messages': messages(),
    'coordinator-options': coordinatorOptions(),
  };
}

function cellsOf({ what, file, name, unit, why, change }, faults) {
  try {
    const value = name.endsWith('()') ? formulaOf(file, name.slice(0, -2)) : limitOf(file, name, unit);
    return [[what, value, why, change]];
  } catch (error) {
    faults.push(`LIMITS.md: ${error.message}`);
    return [];
  }
}

/** What a function of one expression gives, for limits that depend on something. */
function formulaOf(file, name) {
  const source = readFileSync(new URL(file, root), 'utf8');
  const [, formula] = new RegExp(`\\b${name} = .* => (.+);`).exec(source) ?? [];
  if (!formula) throw new Error(`${file} has no function ${name}, which scripts/docs/limit-rows.mjs shows`);
  return formula.replaceAll('*', 'x').replace(/[A-Z][A-Z0-9_]+/g, (constant) => limitOf(file, constant));
}

/** A limit that a table forgot is a limit that nobody knows. */
function assertComplete(allRows) {
  const listed = new Set(allRows.map(({ file, name }) => `${file} ${name}`));
  const missing = rows.COMPLETE.flatMap((file) => constantsOf(file).map(({ name }) => `${file} ${name}`)).filter(
    (name) => !listed.has(name) && !rows.ELSEWHERE.some((end) => name.endsWith(` ${end}`)),
  );
  if (missing.length > 0)
    throw new Error(`LIMITS.md lacks ${missing.join(', ')}: add them to scripts/docs/limit-rows.mjs`);
}

function fromComments(file) {
  return table(
    ['constant', 'value', 'why'],
    constantsOf(file)
      .filter(({ name }) => !rows.ELSEWHERE.includes(name))
      .map(({ name, reason }) => {
        // One comment may stand above several constants.
        const why = rows.REASONS[name] ?? (reason || 'Goes with the one above.');
        return [`\`${name.replace(/^[A-Z_]+\./, '')}\``, limitOf(file, name), why];
      }),
  );
}

function messages() {
  return table(
    ['message', 'to', 'largest frame', 'a minute'],
    Object.entries(MESSAGES).map(([type, { direction, maximumBytes, perMinute }]) => [
      `\`${type}\``,
      direction.slice('to-'.length),
      inWords('Bytes', maximumBytes),
      perMinute.toLocaleString('en'),
    ]),
  );
}

/** Every option with its default, meaning and environment variable. */
function coordinatorOptions() {
  const source = readFileSync(new URL('coordinator/src/config/options.ts', root), 'utf8');
  const comments = new Map(
    [...source.matchAll(/\/\*\* (.*) \*\/\n {2}(\w+):/g)].map(([, comment, name]) => [name, comment]),
  );
  return table(
    ['option', 'default', 'meaning', 'environment variable'],
    Object.entries(coordinatorOptionsSchema.shape).map(([name, schema]) => {
      const { success, data } = schema.safeParse(undefined);
      const isNumber = success && typeof data === 'number' && name !== 'port';
      const shown = isNumber ? inWords(name, data) : data;
      const meaning =
        comments.get(name) ?? { port: 'Port of pages, calls and WebSockets.', logLevel: 'What is logged.' }[name];
      if (!meaning) throw new Error(`the coordinator's option ${name} has no comment`);
      return [`\`${name}\``, success && data !== undefined ? shown : '', meaning, `\`${variableOf(name)}\``];
    }),
  );
}
