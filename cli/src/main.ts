// The entry of the command line.
import { EXIT, reportError } from './output.js';
import { runCommand } from './program.js';
import { obeyLauncher, wasAskedToEnd } from './support/requests-to-end.js';

obeyLauncher();

// Whoever reads our output may stop early, as `head` does: that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (wasAskedToEnd()) return; // by a terminal that was closed: the last words have no reader, what is under way ends in order
  process.exit(error.code === 'EPIPE' ? EXIT.done : reportError(error, note));
});

process.stderr.on('error', (error) => {
  if (!wasAskedToEnd()) throw error;
});

// What nobody waits for any more ends here.
process.on('uncaughtException', (error) => process.exit(reportError(error, note)));

function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

process.exitCode = await runCommand(process.argv.slice(2));
