// A line between workers and the coordinator that can be cut: plain TCP, passed on byte by byte.
import { type AddressInfo, createConnection, createServer, type Server, type Socket } from 'node:net';
import { atEnd } from '@manyhands/testing';

export class Line {
  port = 0;
  /** Bytes that went up to the coordinator. */
  upBytes = 0;
  #isCut = false;
  #cutAtBytes = Number.POSITIVE_INFINITY;
  #onCut = (): void => {};
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(readonly target: number) {
    this.#server = createServer((socket) => this.#connect(socket));
  }

  /** A line to a port of this machine, for the rest of the test. */
  static async to(target: number): Promise<Line> {
    const line = new Line(target);
    await new Promise<void>((resolve) => line.#server.listen(0, '127.0.0.1', resolve));
    line.port = (line.#server.address() as AddressInfo).port;
    atEnd(() => {
      line.cut();
      line.#server.close();
    });
    return line;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Cuts the line by itself once so many more bytes went up; resolves then. */
  cutAfter(bytes: number): Promise<void> {
    this.#cutAtBytes = this.upBytes + bytes;
    return new Promise((resolve) => {
      this.#onCut = resolve;
    });
  }

  /** Breaks what is connected and refuses what comes, until it is mended. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  #connect(caller: Socket): void {
    if (this.#isCut) {
      caller.destroy();
      return;
    }
    const callee = createConnection(this.target, '127.0.0.1');
    caller.on('data', (bytes) => {
      this.upBytes += bytes.length;
      if (this.upBytes < this.#cutAtBytes) return;
      this.#cutAtBytes = Number.POSITIVE_INFINITY;
      this.cut();
      this.#onCut();
    });
    for (const [socket, other] of [
      [caller, callee],
      [callee, caller],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  }
}
