// `manyhands demo`: a coordinator and some workers on this machine hunt phage lambda inside the genome of E. coli 536.
import type { Command } from 'commander';
import { action, EXIT } from './output.js';
import { requireCoordinator } from './support/coordinator-package.js';

type DemoOptions = {
  full?: boolean;
  workers: string;
  port: string;
  data?: string;
  exit?: boolean;
  out?: string;
  json?: boolean;
};

export function registerDemo(program: Command): void {
  program
    .command('demo')
    .description('Hunt a virus inside a genome: one coordinator and four workers, all on this machine')
    .option('--full', 'search the whole genome (4.9 million bases) instead of 100,000')
    .option('--workers <n>', 'how many workers to start, 2 to 16', '4')
    .option('--port <port>', 'port of the web page; 0 takes any free one', '8420')
    .option(
      '--data <dir>',
      'keep the data of coordinator and workers here (default: a temporary folder, removed at the end)',
    )
    .option('--exit', 'end when the answer is there, instead of keeping the page up until Ctrl-C')
    .option('--out <file>', 'write the report there as JSON')
    .option('--json', 'print the report as one JSON document')
    .addHelpText('after', '\nExample:\n  manyhands demo --workers 6 --exit --out report.json')
    .action(
      action<DemoOptions>(async ({ options, out }) => {
        requireCoordinator('manyhands demo');
        const { runDemo } = await import('./demo/run.js');
        const { interruptible } = await import('./support/interrupt.js');
        return interruptible(async (signal) => {
          const report = await runDemo(options, { out, signal });
          if (report.failed > 0) return EXIT.workFailed;
          return report.accepted < report.units ? EXIT.endedEarly : EXIT.done;
        });
      }),
    );
}
