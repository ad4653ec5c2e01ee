// `manyhands app inspect`: what volunteers' computers would make of a program, before anything is published.
import type { Command } from 'commander';
import { action, EXIT } from './output.js';

type InspectOptions = { memory?: string; json?: boolean };

export function registerApp(program: Command): void {
  const app = program.command('app').description('Look into programs');
  app
    .command('inspect <program.wasm>')
    .description('Check a WebAssembly module as it would be at publishing: imports, memory, refusals')
    .option('--memory <size>', 'most memory of one unit, for example 1GiB (default: 512MiB)')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      '\nExit codes: 0 the module can be published; 2 it is refused, with the reason.\n\nExample:\n  manyhands app inspect count.wasm',
    )
    .action(
      action<InspectOptions>(async ({ args: [path = ''], options, out }) => {
        const { loadModule } = await import('@manyhands/sdk');
        const { MODULE_MAXIMUM_BYTES, splitFile } = await import('@manyhands/contract');
        const { formatBytes, parseSize } = await import('./support/quantities.js');
        const prepared = await loadModule(
          { path },
          {
            moduleMaximumBytes: MODULE_MAXIMUM_BYTES,
            memoryMaximumBytes: options.memory === undefined ? undefined : parseSize(options.memory),
          },
        );
        const { wasm, imports, memoryInitialBytes, memoryMaximumBytes, hasFloat } = prepared;
        const { cid } = splitFile(wasm).ref;
        out.json({
          version: 1,
          program: path,
          prepared: { cid, sizeBytes: wasm.length, memoryInitialBytes, memoryMaximumBytes, hasFloat, imports },
        });
        out.line(out.color.bold(`${path} can be published.`));
        out.line(`  prepared  ${formatBytes(wasm.length)}, ${cid}`);
        out.line(
          `  memory    ${formatBytes(memoryInitialBytes)} at the start, ${formatBytes(memoryMaximumBytes)} at most`,
        );
        out.line(`  floats    ${hasFloat ? 'yes: the bits of NaN values may differ between computers' : 'none'}`);
        out.line(`  imports   ${imports.join(', ') || 'none'}`);
        return EXIT.done;
      }),
    );
}
