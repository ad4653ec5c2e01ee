// Stands between a coordinator and whoever calls it, and changes what it passes on: a dishonest coordinator, or a dishonest network.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeToWorker, encodeMessage, type MessageToWorker } from '@manyhands/contract';
import { WebSocket, WebSocketServer } from 'ws';

/** Headers that hold for one connection only. */
const OWN_HEADERS = ['host', 'connection', 'content-length', 'transfer-encoding', 'content-encoding', 'keep-alive'];

export class Meddler {
  url = '';
  /** WebSockets that were opened so far. */
  connections = 0;
  /** What becomes of a JSON answer. */
  onJson: (path: string, text: string) => string = (_, text) => text;
  /** What becomes of the bytes at an address; undefined: nothing is there. */
  onBytes: (path: string, bytes: Uint8Array | undefined) => Uint8Array | undefined = (_, bytes) => bytes;
  /** What a worker gets instead of a message. */
  onMessage: (message: MessageToWorker) => (MessageToWorker | Uint8Array | string)[] = (message) => [message];
  readonly #server: Server;
  readonly #sockets = new Set<WebSocket>();
  #gatewayUrl = '';

  private constructor(readonly target: string) {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
    const sockets = new WebSocketServer({ server: this.#server, path: '/api/v1/worker' });
    sockets.on('connection', (socket) => this.#connect(socket));
  }

  static async start(target: string): Promise<Meddler> {
    const meddler = new Meddler(target);
    const info = (await (await fetch(`${target}/api/v1/coordinator`)).json()) as { gatewayUrl: string };
    meddler.#gatewayUrl = info.gatewayUrl;
    await new Promise<void>((resolve) => meddler.#server.listen(0, '127.0.0.1', resolve));
    meddler.url = `http://127.0.0.1:${(meddler.#server.address() as AddressInfo).port}`;
    return meddler;
  }

  stop(): void {
    for (const socket of this.#sockets) socket.terminate();
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '/';
    const body: Buffer[] = [];
    for await (const part of request) body.push(part as Buffer);
    const headers = Object.entries(request.headers).filter(([name]) => !OWN_HEADERS.includes(name)) as [
      string,
      string,
    ][];
    const origin = path.startsWith('/blocks/') ? this.#gatewayUrl : this.target;
    const answer = await fetch(origin + path, {
      method: request.method ?? 'GET',
      headers: [...headers, ['accept-encoding', 'identity']],
      ...(body.length > 0 && { body: Buffer.concat(body) }),
    });
    const type = answer.headers.get('content-type') ?? 'text/plain';
    const bytes = new Uint8Array(await answer.arrayBuffer());
    if (type.includes('json') && answer.ok) {
      const text = path === '/api/v1/coordinator' ? this.#readdress(bytes) : new TextDecoder().decode(bytes);
      response.writeHead(answer.status, { 'content-type': type }).end(this.onJson(path, text));
      return;
    }
    const changed = this.onBytes(path, answer.ok ? bytes : undefined);
    response.writeHead(changed && !answer.ok ? 200 : answer.status, { 'content-type': type }).end(changed ?? bytes);
  }

  #readdress(info: Uint8Array): string {
    const { url } = this;
    const known = JSON.parse(new TextDecoder().decode(info)) as object;
    const webSocketUrl = `${url.replace('http', 'ws')}/api/v1/worker`;
    return JSON.stringify({ ...known, publicUrl: url, gatewayUrl: url, webSocketUrl, overlay: null });
  }

  #connect(worker: WebSocket): void {
    this.connections += 1;
    const coordinator = new WebSocket(`${this.target.replace('http', 'ws')}/api/v1/worker`);
    const waiting: Buffer[] = [];
    worker.on('message', (data: Buffer) => {
      if (coordinator.readyState === WebSocket.OPEN) coordinator.send(data);
      else waiting.push(data);
    });
    coordinator.on('open', () => {
      for (const data of waiting) coordinator.send(data);
    });
    coordinator.on('message', (data: Buffer) => this.#pass(worker, new Uint8Array(data)));
    for (const [socket, other] of [
      [worker, coordinator],
      [coordinator, worker],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.close();
      });
    }
  }

  #pass(worker: WebSocket, frame: Uint8Array): void {
    const decoded = decodeToWorker(frame);
    if (!decoded.ok) throw new Error(decoded.reason);
    const { message } = decoded;
    const own: MessageToWorker =
      message.t === 'welcome' ? { ...message, gatewayUrl: this.url, overlay: null } : message;
    for (const part of this.onMessage(own))
      worker.send(typeof part === 'string' || part instanceof Uint8Array ? part : encodeMessage(part));
  }
}
