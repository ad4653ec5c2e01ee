// At the end of the page: what joining means, and the command.
import { Link } from '@tanstack/react-router';
import { useCoordinator } from '../api/questions.js';
import { Command } from '../common/command.js';
import { joinUrl } from '../join/join-url.js';
import { Promises } from '../join/promises.js';

export function JoinTeaser() {
  const url = joinUrl(useCoordinator().data?.publicUrl, window.location.origin);
  return (
    <div className="page">
      <Promises />
      <h3 className="mt-8 mb-3">On your computer</h3>
      <div className="max-w-[44rem]">
        <Command label="join with this computer" text={`npx manyhands worker join ${url}`} />
        <p className="mt-3 text-sm">
          <Link to="/join">What it needs, and how to pause or leave</Link>
        </p>
      </div>
    </div>
  );
}
