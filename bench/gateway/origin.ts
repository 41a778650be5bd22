// The upstream that all candidates share, and a collector for spans. It does as little as a server can, since it shares
// its core with the load: bytes in, the same bytes out. Prints its two ports and waits to be ended.
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

const BODY = JSON.stringify({
  items: Array.from({ length: 18 }, (_, index) => ({ id: index, name: `product ${index}`, price: 1999 })),
});
/** Fields as a service of the platform sends them. */
const ANSWER = Buffer.from(
  [
    'HTTP/1.1 200 OK',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(BODY)}`,
    'Cache-Control: no-store',
    'ETag: W/"3f2-9d1c"',
    `Date: ${new Date().toUTCString()}`,
    'Connection: keep-alive',
    'Keep-Alive: timeout=60',
    '',
    BODY,
  ].join('\r\n'),
);
const END = '\r\n\r\n';

/** Requests have no body here, so that each empty line is the end of one. */
function serve(socket: Socket): void {
  let rest = '';
  socket.setNoDelay(true).on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    const text = rest + chunk.toString('latin1');
    let at = 0;
    for (let end = text.indexOf(END); end !== -1; end = text.indexOf(END, at)) {
      socket.write(ANSWER);
      at = end + END.length;
    }
    rest = text.slice(at);
  });
}

const collector = createHttpServer((request, response) => {
  request.resume().on('end', () => response.setHeader('content-type', 'application/json').end('{}'));
});

async function bind(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const ports = { origin: await bind(createServer(serve)), collector: await bind(collector) };
process.stdout.write(`${JSON.stringify(ports)}\n`);
