// There is no network inside a unit: every socket call says so.
import { Errno } from '../abi/errno.js';
import type { ImportGroup } from '../host/host-context.js';

export function socketImports(): ImportGroup {
  const unsupported = (): number => Errno.notSupported;
  return { sock_accept: unsupported, sock_recv: unsupported, sock_send: unsupported, sock_shutdown: unsupported };
}
