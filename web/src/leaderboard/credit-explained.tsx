// How credit works, in a minute.

export function CreditExplained() {
  return (
    <section aria-labelledby="credit" className="mt-8 border-t border-line pt-8 sm:mt-12 sm:pt-12">
      <h2 id="credit" className="mb-4 scroll-mt-6">
        How credit is counted
      </h2>
      <div className="grid gap-x-12 gap-y-6 lg:grid-cols-3">
        <div>
          <h3>For results, never for time</h3>
          <p className="mt-1 text-sm text-ink-2">
            Programs are metered: every run of a unit counts the same number of steps, called fuel, on every computer.
            All whose answer is accepted get credit for that number, fast or slow.
          </p>
        </div>
        <div>
          <h3>Only when checked</h3>
          <p className="mt-1 text-sm text-ink-2">
            Computers of different people compute the same unit. When answers and fuel are equal and safely stored, all
            that agreed are credited. A differing answer earns nothing.
          </p>
        </div>
        <div>
          <h3>Written once, kept for good</h3>
          <p className="mt-1 text-sm text-ink-2">
            Each grant is a line in a ledger that can only grow. Credit is counted in cobblestones: 200 are the work of
            a computer that does a thousand million operations a second for a day.
          </p>
        </div>
      </div>
    </section>
  );
}
