// Where this page came from.

/** `https://hands.example.org`; empty where a page is drawn without a browser. */
export function pageOrigin(): string {
  return globalThis.location?.origin ?? '';
}
