// A coordinator that has no project yet.
import { Command } from '../common/command.js';
import { Mark } from '../common/mark.js';
import { pageOrigin } from '../common/page-origin.js';
import { PageTitle } from '../common/page-title.js';
import { commandLine } from '../common/program.js';

export function NoQuestions() {
  return (
    <div className="page space-y-4 py-12">
      <PageTitle text="No project here yet" />
      <Mark kind="still" className="w-12" />
      <h1>No project here yet</h1>
      <p className="max-w-[62ch] text-ink-2">
        This coordinator runs and waits for its first project. As soon as a scientist starts one, its question, its
        progress and its results appear here by themselves.
      </p>
      <div className="max-w-[48rem]">
        <Command
          label="start a project"
          text={commandLine('project', 'create', 'my-project', '--coordinator', pageOrigin())}
        />
      </div>
    </div>
  );
}
