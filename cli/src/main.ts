// The entry of the command line.
import { EXIT, reportError } from './output.js';
import { runCommand } from './program.js';
import { obeyLauncher, wasAskedToEnd } from './support/requests-to-end.js';
import { watchOutput } from './support/standard-output.js';
import { terminalLine } from './terminal-text.js';

obeyLauncher();

let ended: number | undefined;
/** What came of the work goes before what came of saying it. */
const settle = (): void => {
  process.exitCode = ended || (output.trouble() ?? EXIT.done);
};
// By a terminal that was closed: the last words have no reader, and what is under way ends in order.
const output = watchOutput(process.stdout, { note, onTrouble: settle, isGone: wasAskedToEnd });
// There is no other place to say it, and it is no reason to stop.
process.stderr.on('error', () => undefined);

// What nobody waits for any more ends here.
process.on('uncaughtException', (error) => process.exit(reportError(error, note)));

function note(text: string): void {
  process.stderr.write(`${terminalLine(text)}\n`);
}

ended = await runCommand(process.argv.slice(2), {
  writeOut: output.write,
  writeErr: (text) => void process.stderr.write(text),
});
settle();
