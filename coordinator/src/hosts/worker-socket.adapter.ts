// Nest's adapter for `ws` without its JSON envelope: our gateway reads the binary frames of the contract itself.
import { WsAdapter } from '@nestjs/platform-ws';

export class WorkerSocketAdapter extends WsAdapter {
  /** Nothing to bind: the gateway listens on the raw socket, and Nest's parser would try JSON on every frame. */
  override bindMessageHandlers(): void {}
}
