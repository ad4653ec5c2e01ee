// Writes the documentation that is made from code (docs/errors.md); with --check it only fails when the files are stale.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ENGINE_ERROR_CODES, ERROR_CODES } from '../work-units/contract/dist/index.js';

const AREAS = {
  GEN: 'General',
  SIG: 'Signatures and encoding',
  BLK: 'Blocks',
  PRJ: 'Projects',
  APP: 'App versions',
  BAT: 'Batches',
  ACC: 'Accounts',
  HST: 'Hosts',
  WIR: 'Worker protocol',
  LSE: 'Leases',
  RCP: 'Receipts',
  LTR: 'Why there is no work now',
  VAL: 'Why a unit failed for good',
  MOD: 'Modules that are refused',
  UNIT: 'Unit failures',
  HOST: 'Host failures',
};
const areaOf = (code) => code.split('-')[1];

function errorsPage() {
  const entries = Object.entries({ ...ERROR_CODES, ...ENGINE_ERROR_CODES });
  const unknown = entries.filter(([code]) => !(areaOf(code) in AREAS));
  if (unknown.length > 0) throw new Error(`no heading for ${unknown.map(([code]) => code).join(', ')}`);
  const sections = Object.entries(AREAS).map(([area, title]) => {
    const rows = entries
      .filter(([code]) => areaOf(code) === area)
      .map(
        ([code, { doc, fault, retryable, httpStatus }]) =>
          `| ${code} | ${doc} | ${fault} | ${retryable ? 'yes' : 'no'} | ${httpStatus} |`,
      );
    return [
      `## ${title}`,
      '',
      '| code | meaning | whose turn | may work later | HTTP |',
      '|---|---|---|---|---|',
      ...rows,
      '',
    ].join('\n');
  });
  return [
    '# Error codes',
    '',
    '<!-- Made by `node scripts/generate-docs.mjs` from work-units/contract/src/errors. -->',
    '',
    'Every error of Manyhands has a stable code. "Whose turn": `user` (change the input), `peer` (the other side is at fault), `platform` (network,',
    'disk or operating system), `self` (a fault of Manyhands: please report it).',
    '',
    ...sections,
  ].join('\n');
}

const PAGES = { 'docs/errors.md': errorsPage() };
const isCheck = process.argv.includes('--check');
for (const [name, text] of Object.entries(PAGES)) {
  const file = fileURLToPath(new URL(`../${name}`, import.meta.url));
  const isFresh = existsSync(file) && readFileSync(file, 'utf8') === text;
  if (!isFresh && isCheck) {
    console.error(`${name} is stale: run node scripts/generate-docs.mjs`);
    process.exitCode = 1;
  } else if (!isFresh) writeFileSync(file, text);
}
