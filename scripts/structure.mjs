// `npm run structure`: how the folders of each package lie to each other, and how long its files and functions are. `--check` fails when something got worse.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  arrowsOf,
  cyclesOf,
  documentedOf,
  longFilesOf,
  longFunctionsOf,
  pairsOf,
  readModules,
  upwardsOf,
} from './structure/measure.mjs';
import { KNOWN_PAIRS, KNOWN_UPWARDS, ORDERS } from './structure/order.mjs';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    at: { type: 'string', default: '.' },
  },
});

function packagesIn(root) {
  const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return workspaces.filter((name) => existsSync(join(root, name, 'src')));
}

function measure(root, name) {
  const modules = readModules(join(root, name));
  const arrows = arrowsOf(modules);
  const placeOf = (within) => [name, 'src', within].filter((part) => part !== '').join('/');
  const upwards = Object.entries(ORDERS).flatMap(([place, order]) =>
    place === `${name}/src` || place.startsWith(`${name}/src/`)
      ? upwardsOf(arrows, place.slice(`${name}/src`.length + 1), order)
      : [],
  );
  return {
    name,
    files: modules.size,
    pairs: pairsOf(arrows).map(({ within, from, to }) => `${placeOf(within)}: ${from} and ${to}`),
    upwards: upwards.map(({ within, from, to }) => `${placeOf(within)}: ${from} to ${to}`),
    cycles: cyclesOf(modules),
    longFiles: longFilesOf(modules),
    longFunctions: longFunctionsOf(modules),
    ...documentedOf(modules),
  };
}

function print(measured) {
  console.log('package                  files  pairs  upwards  cycles  long files  long functions  documented exports');
  for (const { name, files, pairs, upwards, cycles, longFiles, longFunctions, documented, exports } of measured) {
    const share = exports === 0 ? '-' : `${Math.round((100 * documented) / exports)} % of ${exports}`;
    const counts = [files, pairs.length, upwards.length, cycles.length, longFiles.length, longFunctions.length];
    const widths = [5, 5, 7, 6, 10, 14];
    console.log(
      `${name.padEnd(24)} ${counts.map((count, at) => String(count).padStart(widths[at])).join('  ')}  ${share}`,
    );
  }
  for (const { pairs, upwards, cycles, longFiles, longFunctions, name } of measured) {
    for (const pair of pairs) console.log(`pair           ${pair}`);
    for (const arrow of upwards) console.log(`upwards        ${arrow}`);
    for (const cycle of cycles) console.log(`cycle          ${name}: ${cycle.join(', ')}`);
    for (const { name: file, lines } of longFiles) console.log(`long file      ${name}/src/${file}: ${lines} lines`);
    for (const one of longFunctions)
      console.log(`long function  ${name}/src/${one.file}: ${one.name}, ${one.lines} lines`);
  }
}

/** What is there and not known, and what is known and gone: the lists of what is still to be untied only get shorter. */
function differences(found, known, what) {
  return [
    ...found.filter((one) => !known.includes(one)).map((one) => `new ${what}: ${one}`),
    ...known
      .filter((one) => !found.includes(one))
      .map((one) => `${what} that is gone, to be taken off the list: ${one}`),
  ];
}

const measured = packagesIn(values.at).map((name) => measure(values.at, name));
if (values.json) console.log(JSON.stringify(measured, null, 2));
else if (!values.check) print(measured);
if (values.check) {
  const faults = [
    ...differences(
      measured.flatMap(({ pairs }) => pairs),
      KNOWN_PAIRS,
      'pair of folders that import each other',
    ),
    ...differences(
      measured.flatMap(({ upwards }) => upwards),
      KNOWN_UPWARDS,
      'import against the order of folders',
    ),
    ...measured.flatMap(({ name, cycles }) => cycles.map((cycle) => `cycle in ${name}: ${cycle.join(', ')}`)),
  ];
  for (const fault of faults) console.error(`FAIL ${fault}`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
