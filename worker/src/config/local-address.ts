// The address of this computer that all connections of a worker come from, as volunteers name it.
import { ManyhandsError, plainAddress } from '@manyhands/contract';

/** An IP address in its one form. Throws MH-GEN-009 for anything else. */
export function localAddressOf(text: string): string {
  const address = plainAddress(text.trim());
  const isAny = address === '0.0.0.0' || address === '::';
  if (address !== '' && !isAny) return address;
  throw new ManyhandsError('MH-GEN-009', {
    message: `--local-address must be an IP address of this computer, as in 192.0.2.7 or 2001:db8::7, not "${text}".`,
  });
}
