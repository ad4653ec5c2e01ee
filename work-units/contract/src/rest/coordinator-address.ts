// The address of a coordinator as people write it.
import { ManyhandsError } from '../errors/manyhands-error.js';

/** `https://hands.example.org`, `127.0.0.1:8420` (http when nothing is said): host, port and path alone. Throws MH-GEN-009. */
export function coordinatorAddress(text: string): URL {
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  if (/^https?:\/\/[^\s]+$/i.test(full) && URL.canParse(full)) {
    const { origin, pathname } = new URL(full);
    return new URL(pathname, origin);
  }
  throw new ManyhandsError('MH-GEN-009', {
    message: `"${text}" is not the address of a coordinator. It should look like https://hands.example.org or http://127.0.0.1:8420.`,
    meta: { url: text.slice(0, 200) },
  });
}
