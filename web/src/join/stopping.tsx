// Pause, go on, leave.

const COMMANDS = [
  { text: 'npx manyhands worker status', what: 'Says in one line what it does and why.' },
  { text: 'npx manyhands worker pause', what: 'Ends or stops the units at hand within ten seconds.' },
  { text: 'npx manyhands worker resume', what: 'Goes on.' },
  { text: 'npx manyhands worker leave', what: 'Gives work back, says goodbye and ends.' },
  { text: 'npx manyhands worker leave --purge', what: 'The same, and removes everything it ever stored.' },
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
            className="gap-x-6 border-b border-line py-3 text-sm sm:grid sm:grid-cols-[22rem_minmax(0,1fr)]"
          >
            <dt>
              <code className="break-words">{text}</code>
            </dt>
            <dd className="text-ink-2">{what}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-4 max-w-[62ch] text-sm text-ink-2">
        From another terminal on the same computer. Closing the lid, a power cut or a lost connection do no harm either:
        the work is given to somebody else after a while.
      </p>
    </>
  );
}
