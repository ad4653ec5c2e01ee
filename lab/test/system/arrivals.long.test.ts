// lab:arrivals at a tiny scale: it runs to its end and says of each requirement whether it was met.
import { join } from 'node:path';
import { TestProcess, UNDER_TEST } from '@manyhands/testing';
import { expect, test } from 'vitest';
import type { Report } from '../../src/arrivals/report.js';

const SMALL = ['--json', '--base', '10', '--arrivals', '60', '--honest', '5', '--seconds', '5', '--networks', '8'];

test.skipIf(process.platform !== 'linux')(
  'a crowd of sixty comes in, works, and nothing that was acknowledged is lost',
  async () => {
    const run = new TestProcess('lab:arrivals', [join(UNDER_TEST, 'lab/dist/arrivals/run.js'), ...SMALL]);
    await run.exit();
    const report = JSON.parse(run.stdout) as Report;
    expect(report.wishes).toMatchObject({ base: 10, arrivals: 60, honest: 5 });
    expect(report.groups.arrival).toMatchObject({ hosts: 60, joined: 60, early: 0, otherwise: {} });
    const met = Object.fromEntries(report.requirements.map(({ name, isMet }) => [name, isMet]));
    // How long things take, and what a few connections weigh, is a matter of the machine.
    expect(met).toMatchObject({
      'refused with anything but later': true,
      'came before the time they were told': true,
      'acknowledged receipts lost': true,
      'honest hosts with a receipt': true,
    });
    expect(report.groups.arrival.served).toBeGreaterThan(0);
  },
);
