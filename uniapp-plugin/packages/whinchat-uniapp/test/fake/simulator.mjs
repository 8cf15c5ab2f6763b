// The simulator's protocol without a core: tests say what a method answers.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { WebSocketServer } from 'ws';

const WINDOW = 512;
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.svg': 'image/svg+xml', '.png': 'image/png' };

/** One page's socket. */
export class Page {
  constructor(socket, device, platform) {
    Object.assign(this, { socket, device, platform, sent: 0, acked: 0, waiting: [], frames: [], maxOpen: 0 });
  }
  /** A delivery; waits when the page is behind. */
  deliver(id, data, keep = false) {
    this.waiting.push(JSON.stringify({ id, data, keep }));
    this.pump();
  }
  pump() {
    while (this.waiting.length > 0 && this.sent - this.acked < WINDOW) {
      this.sent += 1;
      this.maxOpen = Math.max(this.maxOpen, this.sent - this.acked);
      this.socket.send(this.waiting.shift());
    }
  }
}

/**
 * @param {{methods?: string[], onCall?: (page: Page, call: {id: number, method: string, params?: any}) => void,
 *   onPage?: (page: Page) => void, helloDelay?: number, pages?: string, port?: number, key?: string, info?: object,
 *   control?: (name: string, query: URLSearchParams) => object | undefined}} options
 */
export async function startSimulator(options = {}) {
  const key = options.key ?? 'test-key';
  const pages = new Map();
  const files = new Map();
  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://127.0.0.1');
    const origin = request.headers.origin;
    if (origin) response.setHeader('access-control-allow-origin', origin);
    const ours = url.pathname.startsWith('/sim/') || url.pathname.startsWith('/control/');
    if (ours && url.searchParams.get('key') !== key) return response.writeHead(403).end();
    const json = (value) => response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
    if (url.pathname === '/sim/file' && request.method === 'POST') {
      const parts = [];
      request.on('data', (part) => parts.push(part)).on('end', () => {
        const path = `/devices/${url.searchParams.get('device')}/${url.searchParams.get('name')}`;
        files.set(path, Buffer.concat(parts));
        json({ path });
      });
    } else if (url.pathname === '/sim/info') json({ version: 'fake', canSign: true, canControl: true, ...options.info });
    else if (url.pathname.startsWith('/control/')) json(options.control?.(url.pathname.slice(9), url.searchParams) ?? {});
    else if (options.pages) void page(options.pages, url.pathname, response);
    else response.writeHead(404).end();
  });
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    const url = new URL(request.url, 'http://127.0.0.1');
    if (url.pathname !== '/sim/socket' || url.searchParams.get('key') !== key) return socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    sockets.handleUpgrade(request, socket, head, (ws) => greet(ws, url.searchParams.get('device'), url.searchParams.get('platform')));
  });
  function greet(ws, device, platform) {
    pages.get(device)?.socket.close(4001, 'another page took this device');
    const page = new Page(ws, device, platform);
    pages.set(device, page);
    ws.on('message', (text) => {
      const frame = JSON.parse(String(text));
      if (frame.ack !== undefined) {
        page.acked = frame.ack;
        page.pump();
      } else {
        page.frames.push(frame);
        options.onCall?.(page, frame);
      }
    });
    ws.on('close', () => pages.get(device) === page && pages.delete(device));
    const hello = { version: 'fake', device, platform, docPath: `/devices/${device}/_doc`, wwwPath: `/devices/${device}/_www`, methods: options.methods ?? [], server: 'ws://fake', appId: 1, ...options.info };
    setTimeout(() => ws.readyState === 1 && ws.send(JSON.stringify({ hello })), options.helloDelay ?? 0);
    options.onPage?.(page);
  }
  await new Promise((done) => server.listen(options.port ?? 0, '127.0.0.1', done));
  const port = server.address().port;
  return {
    key, port, pages, files,
    url: `ws://127.0.0.1:${port}/sim/socket?key=${key}`,
    close: () => new Promise((done) => {
      for (const page of pages.values()) page.socket.terminate();
      server.closeAllConnections();
      server.close(done);
    }),
  };
}

async function page(root, path, response) {
  const file = join(root, normalize(path.endsWith('/') ? path + 'index.html' : path));
  try {
    const body = await readFile(file);
    response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream').end(body);
  } catch {
    response.writeHead(404).end();
  }
}
