// The whole application: the cache of answers round the router.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type RouterHistory, RouterProvider } from '@tanstack/react-router';
import { useState } from 'react';
import { createPages } from './router.js';

export type AppProps = {
  /** The browser's own unless given. */
  readonly history?: RouterHistory;
};

export function App({ history }: AppProps) {
  const [client] = useState(() => new QueryClient());
  const [router] = useState(() => createPages(history));
  return (
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  );
}
