// An upstream with an event loop of its own (a worker): it answers with what it was asked, after a while when told to.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort } from 'node:worker_threads';

const server = createServer(async (req, res) => {
  let bytes = 0;
  for await (const chunk of req) bytes += (chunk as Buffer).length;
  const delayMs = Number(/[?&]delay=(\d+)/.exec(req.url ?? '')?.[1] ?? 0);
  setTimeout(() => res.end(`${req.url} ${bytes}`), delayMs);
});
server.listen(0, '127.0.0.1', () => parentPort?.postMessage((server.address() as AddressInfo).port));
