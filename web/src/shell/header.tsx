// Logo, the four pages, and the one button.
import { Link, useLocation } from '@tanstack/react-router';
import { Logo } from './logo.js';

const NAV_LINK =
  'block py-2 whitespace-nowrap text-ink-2 no-underline hover:text-ink hover:underline aria-[current]:font-bold aria-[current]:text-ink aria-[current]:shadow-[0_3px_0_var(--mh-lamp)]';

export function Header() {
  const isBelowProjects = useLocation({ select: ({ pathname }) => pathname.startsWith('/projects/') });
  return (
    <header className="border-b border-line">
      <div className="page flex min-h-[4.25rem] flex-wrap items-center gap-x-6 pt-3 sm:flex-nowrap sm:pt-0">
        <Link to="/" aria-label="Manyhands, home" className="block w-[9.5rem] flex-none sm:w-44">
          <Logo />
        </Link>
        <nav aria-label="Main" className="w-full sm:ml-auto sm:w-auto">
          <ul className="flex justify-between gap-4 sm:gap-6">
            <li>
              <Link
                to="/"
                activeOptions={{ exact: true, includeSearch: false }}
                // A project belongs to it too, though it is another page.
                aria-current={isBelowProjects ? 'true' : undefined}
                className={NAV_LINK}
              >
                Science
              </Link>
            </li>
            <li>
              <Link to="/leaderboard" activeOptions={{ includeSearch: false }} className={NAV_LINK}>
                Leaderboard
              </Link>
            </li>
            <li>
              <Link to="/network" className={NAV_LINK}>
                Network
              </Link>
            </li>
            <li className="lg:hidden">
              <Link to="/join" className={NAV_LINK}>
                Join
              </Link>
            </li>
          </ul>
        </nav>
        <Link to="/join" className="btn go small hidden lg:inline-flex">
          Lend a hand
        </Link>
      </div>
    </header>
  );
}
