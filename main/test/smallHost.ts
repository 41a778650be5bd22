// A host as main sees one: a process that prints its address, serves a page with a policy, and ends. Arguments: port, mode.
import { once } from 'node:events';
import { createServer } from 'node:http';

const [port = '0', mode = 'well'] = process.argv.slice(2);

const say = (text: string) => process.stderr.write(`${text}\n`);
const STRICT =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

if (mode === 'wrong-use') {
  say('error: --stack /nowhere is not there');
  process.exit(2);
}
if (mode === 'port-taken' && port !== '0') {
  say(`port ${port} on 127.0.0.1 is taken`);
  process.exit(2);
}
if (mode === 'dies-early') {
  say('<script>alert("the reason")</script>');
  process.exit(1);
}

if (mode === 'not-listening') {
  // Browsers do not even try port 1 (Fetch, section 2.9).
  process.stdout.write('Gatehouse: http://127.0.0.1:1/#code=ABCD-EFGH\n');
  process.stdin.resume();
  await once(process, 'SIGTERM');
  process.exit(0);
}

const server = createServer((request, response) => {
  if (request.url === '/crash') {
    say('out of <b>memory</b>');
    response.on('close', () => process.exit(1));
  }
  response.setHeader('Content-Security-Policy', mode === 'weak-policy' ? "default-src *; script-src 'self'" : STRICT);
  response.setHeader('Connection', 'close');
  response.end(request.url === '/pid' ? String(process.pid) : '<!doctype html>');
});
server.listen({ host: '127.0.0.1', port: Number(port) }, () => {
  const address = server.address() as { port: number };
  process.stdout.write(`Gatehouse: http://127.0.0.1:${address.port}/#code=ABCD-EFGH\n`);
});

if (mode === 'stubborn') process.on('SIGTERM', () => undefined);
else {
  process.on('SIGTERM', () => process.exit(0));
  process.stdin.on('end', () => process.exit(0));
}
process.stdin.resume();
