// A coordinator on which nothing has been asked yet.
import { Command } from '../common/command.js';
import { Mark } from '../common/mark.js';
import { PageTitle } from '../common/page-title.js';

export function NoProjects() {
  return (
    <div className="page space-y-4 py-12">
      <PageTitle text="Nothing is asked here yet" />
      <Mark kind="still" className="w-12" />
      <h1>Nothing is asked here yet</h1>
      <p className="max-w-[62ch] text-ink-2">
        This coordinator runs and waits for its first project. As soon as a scientist starts one, its question, its
        progress and its results appear here by themselves.
      </p>
      <div className="max-w-[44rem]">
        <Command
          label="start a project"
          text={`npx manyhands project create my-project --coordinator ${window.location.origin}`}
        />
      </div>
    </div>
  );
}
