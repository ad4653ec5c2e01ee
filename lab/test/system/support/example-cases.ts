// The example units with parameters that are over quickly, as cases for every engine.

import { lucasLehmerModule } from '@manyhands/unit-lucas-lehmer';
import { figureEight, nBodyModule, nBodyStepModule, planUnits } from '@manyhands/unit-n-body';
import { prophageModule } from '@manyhands/unit-prophage';
import { makeCurve, printCurve, transitModule } from '@manyhands/unit-transit';
import type { EngineCase } from '../../../dist/fuzz/run/engine-case.js';
import { moduleCase } from '../../../dist/fuzz/run/generated-case.js';

const bounds = { memoryMaximumBytes: 2 ** 26, fuelMaximum: 2 ** 50, markSpacing: 500_009, sliceFuel: 400_000 };
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

function letters(count: number): string {
  let state = 7;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return 'ACGT'[state >>> 30];
  }).join('');
}

export async function exampleCases(): Promise<EngineCase[]> {
  const [simulation] = planUnits([
    { name: 'eight', bodies: figureEight(), steps: 1_000, stepTime: 0.001, interval: 200 },
  ]);
  const nBody = { args: ['n-body', ...(simulation?.args ?? [])], stdin: simulation?.stdin ?? new Uint8Array(0) };
  const planet = { period: 3.5, epoch: 0.4, duration: 0.12, depth: 0.002 };
  const curve = utf8(printCurve(makeCurve({ days: 20, cadence: 1 / 24, noise: 0.001, seed: 3, planet })));
  const phage = letters(1_200);
  const files = [{ name: 'phage.fa', bytes: utf8(phage) }];
  const bacterium = utf8(letters(200) + phage.slice(300, 700) + letters(250));
  const transitArguments = ['transit', '250000000', '100000', '100', '100', '1', '10'];
  return Promise.all([
    moduleCase(lucasLehmerModule(), { ...bounds, name: 'lucas-lehmer', args: ['lucas-lehmer', '521'] }),
    moduleCase(nBodyModule(), { ...bounds, name: 'n-body', ...nBody }),
    moduleCase(nBodyStepModule(), { ...bounds, name: 'n-body-step', ...nBody }),
    moduleCase(transitModule(), { ...bounds, name: 'transit', args: transitArguments, stdin: curve }),
    moduleCase(prophageModule(), {
      ...bounds,
      name: 'prophage',
      args: ['prophage', '+', '1165000'],
      stdin: bacterium,
      files,
    }),
  ]);
}
