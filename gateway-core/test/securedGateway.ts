// A gateway whose route /secure asks for tokens of a test issuer, in front of an upstream that tells what it got.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { startGateway, startUpstream, type TestGateway } from './fixture.ts';
import { AUDIENCE, createIssuer, ISSUER, type TestIssuer } from './tokens.ts';

interface SecuredOptions {
  /** Inside of the route's `auth`, after the provider. */
  readonly auth?: string;
  /** Inside of the provider, after its keys. */
  readonly provider?: string;
  /** In place of the file with the issuer's key. */
  readonly keys?: string;
  /** Inside of `auth`, after the providers. */
  readonly more?: string;
  /** Inside of the route: its paths and what rewrites them. */
  readonly route?: string;
  /** Further routes, each a line. */
  readonly routes?: string;
  /** `name:port` → address to dial. */
  readonly hosts?: Record<string, string>;
}

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
}

export interface SecuredGateway extends TestGateway {
  readonly issuer: TestIssuer;
  readonly base: string;
  /** Every request that got to the upstream. */
  readonly received: Received[];
  readonly upstreamPort: number;
  /** The document's tail, to build another configuration of the same kind. */
  readonly toYaml: (options: SecuredOptions) => string;
}

/** A file that lives as long as the test. */
export function writeTestFile(name: string, content: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

export async function startSecuredGateway(options: SecuredOptions = {}): Promise<SecuredGateway> {
  const issuer = await createIssuer('ES256');
  const received: Received[] = [];
  const upstream = await startUpstream(({ method, url, headers, rawHeaders }, res) => {
    received.push({ method, url, headers, rawHeaders });
    res.end('served');
  });
  const file = writeTestFile('jwks.json', JSON.stringify({ keys: [issuer.jwk] }));
  const toYaml = ({ auth = '', provider = '', more = '', routes = '', ...parts }: SecuredOptions): string => `
  - { id: secure, ${parts.route ?? 'paths: [/secure]'}, upstream: app, auth: { provider: login${auth && `, ${auth}`} } }
${routes}
auth:
  providers:
    login:
      { issuer: "${ISSUER}", audiences: [${AUDIENCE}], algorithms: [ES256],
        keys: { ${parts.keys ?? `jwksFile: "${file}"`} }${provider && `, ${provider}`} }
${more}`;
  const hostsFile = options.hosts && writeTestFile('hosts.json', JSON.stringify(options.hosts));
  const gateway = await startGateway({
    upstreamPort: upstream.port,
    yaml: toYaml(options),
    ...(hostsFile === undefined ? {} : { hostsFile }),
  });
  const base = `http://127.0.0.1:${gateway.port}`;
  return { ...gateway, issuer, base, received, upstreamPort: upstream.port, toYaml };
}

export function bearer(token: string): { headers: { authorization: string } } {
  return { headers: { authorization: `Bearer ${token}` } };
}
