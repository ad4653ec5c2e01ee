// The entry of the command line.
import { EXIT, FAULT_WORDS } from './output.js';
import { runCommand } from './program.js';

// Whoever reads our output may stop early, as `head` does: that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.done);
});

// What nobody waits for any more ends here.
process.on('uncaughtException', (error) => {
  process.stderr.write(`manyhands: ${error.stack ?? String(error)}\n${FAULT_WORDS}\n`);
  process.exit(EXIT.fault);
});

process.exitCode = await runCommand(process.argv.slice(2));
