// The address that goes into the command for joining.

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
/** Nothing that a shell would read as more than a word. */
const PLAIN_URL = /^https?:\/\/[A-Za-z0-9.:[\]-]+(\/[A-Za-z0-9._~/-]*)?$/;

/** The coordinator's public address where it names a real one, else the address under which this page was reached. */
export function joinUrl(publicUrl: string | undefined, pageOrigin: string): string {
  if (!publicUrl || !PLAIN_URL.test(publicUrl) || !URL.canParse(publicUrl)) return pageOrigin;
  return LOOPBACK.test(new URL(publicUrl).hostname) ? pageOrigin : publicUrl.replace(/\/$/, '');
}
