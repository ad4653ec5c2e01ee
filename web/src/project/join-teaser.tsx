// At the end of the page: what joining means, and the command.
import type { Project } from '@manyhands/contract';
import { Link } from '@tanstack/react-router';
import { Command } from '../common/command.js';
import { GettingIt } from '../join/getting-it.js';
import { useJoinCommand } from '../join/join-command.js';
import { Promises } from '../join/promises.js';
import { joinName } from './project-facts.js';

export function JoinTeaser({ project }: { readonly project: Project }) {
  const name = joinName(project);
  const command = useJoinCommand(name);
  return (
    <div className="page">
      <Promises />
      <h3 className="mt-8 mb-3">On your computer</h3>
      <div className="max-w-[48rem]">
        <Command label="join with this computer" text={command} />
        <GettingIt />
        <p className="mt-3 text-sm">
          <Link to="/join" search={{ project: name }}>
            What it needs, and how to pause or leave
          </Link>
        </p>
      </div>
    </div>
  );
}
