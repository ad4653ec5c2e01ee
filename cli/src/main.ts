// The entry of the command line.
import { EXIT, reportError } from './output.js';
import { runCommand } from './program.js';

// Whoever reads our output may stop early, as `head` does: that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? EXIT.done : reportError(error, note));
});

// What nobody waits for any more ends here.
process.on('uncaughtException', (error) => process.exit(reportError(error, note)));

function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

process.exitCode = await runCommand(process.argv.slice(2));
