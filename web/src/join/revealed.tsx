// Exactly who learns what about a volunteer.

export function Revealed({ fingerprint }: { readonly fingerprint: string | undefined }) {
  return (
    <>
      <h2 id="what-others-see" className="mb-4 scroll-mt-6">
        What others can see of you
      </h2>
      <table className="data max-w-[54rem] [&_:is(th,td)]:align-top">
        <caption className="sr-only">Who learns what about you</caption>
        <thead>
          <tr>
            <th scope="col">Who</th>
            <th scope="col">What they learn</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">Everyone, on these pages</th>
            <td>
              The name you chose or a made-up one, credit, number of computers, whether they are here now, and how many
              bytes they passed on. Never addresses or keys.
            </td>
          </tr>
          <tr>
            <th scope="row">Other volunteers’ computers</th>
            <td>
              Your IP address and which programs and data yours is working on, while they exchange blocks with it. With{' '}
              <code>--no-p2p</code>: nothing.
            </td>
          </tr>
          <tr>
            <th scope="row">The coordinator</th>
            <td>Your IP address, the number of cores and the memory on offer, what you computed, and when.</td>
          </tr>
          <tr>
            <th scope="row">The scientist</th>
            <td>Results, and the made-up names of the computers they came from.</td>
          </tr>
        </tbody>
      </table>
      {fingerprint && (
        <p className="mt-4 text-sm text-ink-2">
          The first time, your computer remembers this coordinator and later refuses an impostor. It should show the
          same fingerprint: <code className="break-all">{fingerprint}</code>
        </p>
      )}
    </>
  );
}
