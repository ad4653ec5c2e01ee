// Who runs the project, under which terms, and its batches.
import type { Batch, Project } from '@manyhands/contract';
import { sharedNetworksInWords } from '@manyhands/contract/words';
import { BatchList } from './batch-list.js';
import { factsOf, NOT_STATED } from './project-facts.js';

export type AboutProps = {
  readonly project: Project;
  readonly batches: readonly Batch[];
  /** The one that is shown. */
  readonly batch: Batch | undefined;
  readonly nowMs: number;
  /** As ADDRESS/BITS; undefined from coordinators of older versions. */
  readonly sharedNetworks: readonly string[] | undefined;
};

export function About({ project, batches, batch, nowMs, sharedNetworks }: AboutProps) {
  const shared = sharedNetworksInWords(sharedNetworks);
  return (
    <div className="page grid grid-cols-[minmax(0,1fr)] gap-8 lg:grid-cols-[minmax(0,7fr)_minmax(0,5fr)] lg:gap-12">
      <div className="max-lg:order-last">
        <BatchList project={project} batches={batches} batch={batch} nowMs={nowMs} />
      </div>
      <div>
        <h2 id="about" className="mb-4">
          About this project
        </h2>
        <dl className="text-sm">
          {factsOf(project).map(({ label, text, href }) => (
            <div key={label} className="grid grid-cols-[9.5rem_minmax(0,1fr)] gap-x-4 border-b border-line py-[0.6rem]">
              <dt className="text-ink-2">{label}</dt>
              <dd className={text === NOT_STATED ? 'text-ink-3' : 'font-semibold'}>
                {href ? (
                  <a href={href} rel="noreferrer">
                    {text}
                  </a>
                ) : (
                  <bdi>{text}</bdi>
                )}
              </dd>
            </div>
          ))}
        </dl>
        {shared && <p className="mt-4 text-sm text-ink-2">{shared}</p>}
      </div>
    </div>
  );
}
