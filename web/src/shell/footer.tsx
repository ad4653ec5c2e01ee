// What holds for every page: times, data, privacy, colours.
import { Link } from '@tanstack/react-router';
import { zoneName } from '../format/times.js';
import { ThemeSwitch } from './theme-switch.js';

export function Footer() {
  return (
    <footer className="border-t border-line pt-8 pb-12 text-sm text-ink-2">
      <div className="page flex flex-wrap items-center justify-between gap-x-8 gap-y-4">
        <div>
          <p>Manyhands is free software. Many hands make light work.</p>
          <p>
            Times are yours ({zoneName(Date.now())}). Data as CSV: <a href="/api/v1/leaderboard.csv">leaderboard</a>,{' '}
            <a href="/api/v1/peers.csv">network</a> ·{' '}
            <Link to="/join" hash="what-others-see">
              What others can see of you
            </Link>
          </p>
        </div>
        <ThemeSwitch />
      </div>
    </footer>
  );
}
