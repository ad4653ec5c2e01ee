// An address that leads nowhere.
import { Link } from '@tanstack/react-router';
import { PageTitle } from '../common/page-title.js';

export function NotFound() {
  return (
    <div className="page py-12">
      <PageTitle text="No such page" />
      <h1>There is nothing at this address</h1>
      <p className="mt-4 max-w-[62ch] text-ink-2">
        The page may have been moved, or the project may have ended. Results and credit are not touched by that.
      </p>
      <p className="mt-6">
        <Link to="/" className="btn">
          See what is computed now
        </Link>
      </p>
    </div>
  );
}
