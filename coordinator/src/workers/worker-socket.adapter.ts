// Nest's adapter for `ws` without its JSON envelope: our gateway reads the binary frames of the contract itself.
import { WsAdapter } from '@nestjs/platform-ws';

export class WorkerSocketAdapter extends WsAdapter {
  /** Nothing to bind: the gateway listens on the raw socket, and Nest's parser would try JSON on every frame. */
  override bindMessageHandlers(): void {}

  /** Nest logs every socket's error, which lets a stranger fill the log with oversize frames; the sessions handle theirs. */
  override bindErrorHandler<Server>(server: Server): Server {
    return server;
  }
}
