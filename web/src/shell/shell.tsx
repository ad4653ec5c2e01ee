// The frame of every page: skip link, header, content, footer.
import { Outlet, useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { Footer } from './footer.js';
import { Header } from './header.js';

export function Shell() {
  const main = useRef<HTMLElement>(null);
  const path = useLocation({ select: (location) => location.pathname });
  const shownPath = useRef(path);
  useEffect(() => {
    // Following a link replaces the content only: the focus moves there as it would with a new page.
    if (shownPath.current !== path) main.current?.focus({ preventScroll: true });
    shownPath.current = path;
  }, [path]);
  return (
    <>
      <a href="#main" className="absolute -left-[99rem] z-10 bg-sheet px-4 py-2 focus:top-4 focus:left-4">
        Skip to content
      </a>
      <div className="flex min-h-dvh flex-col">
        <Header />
        <main id="main" ref={main} tabIndex={-1} className="flex-1">
          <Outlet />
        </main>
        <Footer />
      </div>
    </>
  );
}
