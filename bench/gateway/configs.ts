// What nginx, haproxy and the gateway itself are told: one prefix, one origin, connections kept open, one worker.
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SignJWT } from 'jose';

export interface Ground {
  readonly folder: string;
  readonly origin: number;
  readonly collector: number;
}

const ISSUER = 'https://login.example';
const AUDIENCE = 'shop';
const secret = randomBytes(48).toString('hex');

/** Everybody's requests carry one; gateway-on alone looks at it. */
export function createToken(subject: string): Promise<string> {
  return new SignJWT({ scope: 'read write' })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(subject)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(secret));
}

function write(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

export function writeNginx({ folder, origin }: Ground, port: number): string {
  return write(
    folder,
    'nginx.conf',
    `worker_processes 1; daemon off; pid ${folder}/nginx.pid; error_log ${folder}/nginx.log crit;
events { worker_connections 1024; }
http {
  access_log off; keepalive_requests 1000000000;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  upstream origin { server 127.0.0.1:${origin}; keepalive 256; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port};
    location / { proxy_pass http://origin; proxy_http_version 1.1; proxy_set_header Connection ""; }
  }
}
`,
  );
}

export function writeHaproxy({ folder, origin }: Ground, port: number): string {
  return write(
    folder,
    'haproxy.cfg',
    `global
  nbthread 1
defaults
  mode http
  timeout connect 2s
  timeout client 60s
  timeout server 60s
  http-reuse always
frontend bench
  bind 127.0.0.1:${port}
  default_backend origin
backend origin
  server origin 127.0.0.1:${origin}
`,
  );
}

/** Nothing but a route. Breaker, metrics and tap cannot be turned off; the tap is as small as it gets. */
export function writeGatewayOff({ folder, origin }: Ground, port: number): string {
  return write(
    folder,
    'gateway-off.yaml',
    `version: 1
listen: { host: 127.0.0.1, port: ${port} }
upstreams: { app: { url: "http://127.0.0.1:${origin}" } }
routes: [{ id: app, paths: [/], upstream: app }]
tap: { capacityBytes: 65536 }
`,
  );
}

/** The token is verified, a limit is counted for each user, and every trace that begins here is sampled, as by default. */
export function writeGatewayOn(ground: Ground, port: number): string {
  return writeWithTraces(ground, port, 1);
}

/** The same with one trace in ten, as the documentation's example has it. */
export function writeGatewayTenth(ground: Ground, port: number): string {
  return writeWithTraces(ground, port, 0.1);
}

function writeWithTraces({ folder, origin, collector }: Ground, port: number, ratio: number): string {
  const secretFile = write(folder, 'token.secret', `${secret}\n`);
  return write(
    folder,
    `gateway-${port}.yaml`,
    `version: 1
listen: { host: 127.0.0.1, port: ${port} }
upstreams: { app: { url: "http://127.0.0.1:${origin}" } }
routes:
  - { id: app, paths: [/], upstream: app, limits: [each-user], auth: { provider: login, scopes: { all: [read] } } }
auth:
  providers:
    login:
      { issuer: "${ISSUER}", audiences: [${AUDIENCE}], algorithms: [HS256], keys: { secretFile: "${secretFile}" } }
limits: { policies: { each-user: { by: [user], rate: 100000 } } }
telemetry: { traces: { otlpUrl: "http://127.0.0.1:${collector}/v1/traces", ratio: ${ratio} } }
`,
  );
}
