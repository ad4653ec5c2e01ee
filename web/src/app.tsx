// The whole application: the cache of answers round the router.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type RouterHistory, RouterProvider } from '@tanstack/react-router';
import { useState } from 'react';
import { createPages } from './router.js';

/** `history`: the browser's own unless given. */
export function App({ history }: { readonly history?: RouterHistory }) {
  const [client] = useState(() => new QueryClient());
  const [router] = useState(() => createPages(history));
  return (
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  );
}
