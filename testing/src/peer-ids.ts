// Names of overlay nodes that do not exist.
import { randomBytes } from 'node:crypto';

const BASE_58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
/** An identity hash, of the protobuf of an Ed25519 key. Its first byte, zero, is the `1` that such names begin with. */
const ED25519_HEAD = [0, 36, 8, 1, 18, 32];

/** The libp2p peer id of a key that nobody has. */
export function somePeerId(): string {
  let rest = BigInt(`0x${Buffer.from([...ED25519_HEAD, ...randomBytes(32)]).toString('hex')}`);
  let text = '';
  for (; rest > 0n; rest /= 58n) text = BASE_58.charAt(Number(rest % 58n)) + text;
  return `1${text}`;
}
