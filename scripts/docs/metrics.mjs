// The metrics of the coordinator, from the place where they are registered.
import { readFileSync } from 'node:fs';
import { root, table } from './pages.mjs';

const UNIT_STATES = ['total', 'waiting', 'running', 'checking', 'accepted', 'failed'];

/** Throws when nothing is found: then the source has another shape. */
export function metricsBlock() {
  const source = readFileSync(new URL('coordinator/src/metrics/metrics.service.ts', root), 'utf8');
  const histograms = [...source.matchAll(/name: '(manyhands_\w+)',\s+help: '([^']+)'/g)];
  const gauges = [...source.matchAll(/gauge\(['`]([^'`]+)['`], ['`]([^'`]+)['`]/g)];
  if (histograms.length === 0 || gauges.length === 0) throw new Error('no metrics found in metrics.service.ts');
  const rows = [
    ...histograms.map(([, name, help]) => [name, 'histogram', help]),
    ...gauges.flatMap(([, name, help]) =>
      name.includes('$')
        ? UNIT_STATES.map((state) => [`manyhands_${fill(name, state)}`, 'gauge', fill(help, state)])
        : [[`manyhands_${name}`, 'gauge', help]],
    ),
  ];
  return table(
    ['metric', 'type', 'meaning'],
    rows.map(([name, type, help]) => [`\`${name}\``, type, help]),
  );
}

const fill = (text, state) => text.replace(/\$\{state\}/g, state);
