// Pause, continue, leave.
import { commandLine } from '../common/program.js';

const COMMANDS = [
  { text: commandLine('worker', 'status'), what: 'Says in one line what it does and why.' },
  { text: commandLine('worker', 'pause'), what: 'Ends or stops the units at hand within ten seconds.' },
  { text: commandLine('worker', 'resume'), what: 'Continues.' },
  { text: commandLine('worker', 'leave'), what: 'Gives work back, says goodbye and ends.' },
];

export function Stopping() {
  return (
    <>
      <h2 id="stopping" className="mb-4">
        Pause or leave
      </h2>
      <dl className="max-w-[54rem]">
        {COMMANDS.map(({ text, what }) => (
          <div
            key={text}
            className="gap-x-6 border-b border-line py-3 text-sm sm:grid sm:grid-cols-[23rem_minmax(0,1fr)]"
          >
            <dt>
              <code className="[overflow-wrap:anywhere]">{text}</code>
            </dt>
            <dd className="text-ink-2">{what}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-4 max-w-[62ch] text-sm text-ink-2">
        From another terminal on the same computer. Closing the lid, a power cut or a lost connection do no harm either:
        after a while the work is continued from its last save, here or elsewhere.
      </p>
    </>
  );
}
