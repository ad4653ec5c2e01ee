// How to join, what it means and how to stop.
import { Link, useSearch } from '@tanstack/react-router';
import { useCoordinator } from '../api/questions.js';
import { Command } from '../common/command.js';
import { PageTitle } from '../common/page-title.js';
import { GettingIt } from './getting-it.js';
import { useJoinCommand } from './join-command.js';
import { Promises } from './promises.js';
import { Revealed } from './revealed.js';
import { Stopping } from './stopping.js';

const SECTION = 'mt-8 border-t border-line pt-8 sm:mt-12 sm:pt-12';

export function JoinPage() {
  const coordinator = useCoordinator().data;
  const { project } = useSearch({ from: '/join' });
  const command = useJoinCommand(project);
  return (
    <div className="page py-8 sm:py-12">
      <PageTitle text="Lend a hand" />
      <h1>Lend a hand</h1>
      <p className="mt-4 mb-6 max-w-[62ch] text-lg text-ink-2">
        One command, in a terminal. It connects to this coordinator, fetches a program and its data, and computes
        whenever your computer has time to spare.
      </p>
      <div className="max-w-[48rem]">
        <Command label="join with this computer" text={command} />
        <p className="mt-3 text-sm text-ink-3">
          It runs in the foreground and says what it does. Ctrl-C ends it. Run it again to continue.
        </p>
        {project && (
          <p className="mt-3 text-sm">
            With it your computer works for <b>{project}</b> only.{' '}
            <Link to="/join">For all questions here instead</Link>
          </p>
        )}
        <GettingIt />
      </div>
      <section aria-label="Choices and requirements" className={`${SECTION} grid gap-8 lg:grid-cols-2 lg:gap-12`}>
        <div>
          <h2 className="mb-3">If you like</h2>
          <dl className="space-y-3 text-sm">
            <Choice
              flag="--account NAME"
              text="Collects your credit under a name. The name is only a label; a key on your computer owns it."
            />
            <Choice flag="--cpus N" text="How many cores to use (default: half)." />
            <Choice
              flag="--no-p2p"
              text="Fetches from the coordinator only. Other volunteers then never see your IP address."
            />
            <Choice flag="--project NAME" text="Works for this project only; give several names if you like." />
            <Choice flag="--once" text="Leaves by itself when there is nothing more to do." />
          </dl>
        </div>
        <div>
          <h2 className="mb-3">What it needs</h2>
          <ul className="list-disc space-y-2 pl-5 text-sm text-ink-2">
            <li>
              Node.js 20 or newer on Linux or Windows (18 where it is installed from packed files): the version that it
              needs comes along. 22.12 or newer elsewhere.
            </li>
            <li>A connection out. No open ports, no administrator’s rights, no settings on your router.</li>
            <li>No account. Without one you get a made-up name.</li>
          </ul>
        </div>
      </section>
      <section aria-labelledby="meaning" className={SECTION}>
        <Promises />
      </section>
      <section aria-labelledby="what-others-see" className={SECTION}>
        <Revealed fingerprint={coordinator?.coordinatorId} />
      </section>
      <section aria-labelledby="stopping" className={SECTION}>
        <Stopping />
      </section>
    </div>
  );
}

function Choice({ flag, text }: { readonly flag: string; readonly text: string }) {
  return (
    <div>
      <dt>
        <code className="font-semibold">{flag}</code>
      </dt>
      <dd className="text-ink-2">{text}</dd>
    </div>
  );
}
