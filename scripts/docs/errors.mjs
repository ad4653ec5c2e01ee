// docs/errors.md: every error code with its meaning.
import { ENGINE_ERROR_CODES, ERROR_CODES } from '../../work-units/contract/dist/index.js';
import { table } from './pages.mjs';

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
  UPL: 'Uploads in parts',
  NET: 'The way to the coordinator',
  LTR: 'Why there is no work now',
  VAL: 'Why a unit failed for good',
  MOD: 'Modules that are refused',
  UNIT: 'Unit failures',
  HOST: 'Host failures',
  CKP: 'Checkpoints',
};
const HEAD = ['code', 'meaning', 'whose turn', 'may work later', 'HTTP'];
const areaOf = (code) => code.split('-')[1];

/** One table for each area. Throws when a code belongs to none. */
export function errorsBlock() {
  const entries = Object.entries({ ...ERROR_CODES, ...ENGINE_ERROR_CODES });
  const unknown = entries.filter(([code]) => !(areaOf(code) in AREAS));
  if (unknown.length > 0) throw new Error(`no heading for ${unknown.map(([code]) => code).join(', ')}`);
  const sections = Object.entries(AREAS).map(([area, title]) => {
    const rows = entries
      .filter(([code]) => areaOf(code) === area)
      .map(([code, { doc, fault, retryable, httpStatus }]) => [code, doc, fault, retryable ? 'yes' : 'no', httpStatus]);
    return `## ${title}\n\n${table(HEAD, rows)}\n`;
  });
  return sections.join('\n');
}
