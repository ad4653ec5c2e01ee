// How old the figures on the page are.

export type Freshness = { readonly isStale: boolean; readonly asOfMs: number };
