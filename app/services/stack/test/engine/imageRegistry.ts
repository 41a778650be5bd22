// A registry on loopback with one image, as much of the OCI distribution specification as a pull asks for. An engine takes
// loopback without TLS.
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
const CONFIG = 'application/vnd.docker.container.image.v1+json';
const LAYER = 'application/vnd.docker.image.rootfs.diff.tar.gzip';

interface Blob {
  readonly type: string;
  readonly bytes: Buffer;
}

export interface ImageRegistry {
  /** `127.0.0.1:PORT/tools/filler:1` */
  readonly image: string;
  close(): Promise<void>;
}

const digestOf = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const describe = ({ type, bytes }: Blob) => ({ mediaType: type, size: bytes.length, digest: digestOf(bytes) });

/** One layer with one file, which no compression makes smaller. */
function createLayer(megabytes: number): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'layer-'));
  writeFileSync(join(folder, 'filler'), randomBytes(megabytes * 1_000_000));
  const tar = execFileSync('tar', ['-C', folder, '-c', 'filler'], { maxBuffer: 2_000_000 * megabytes });
  rmSync(folder, { recursive: true });
  return tar;
}

export async function openImageRegistry({ megabytes }: { megabytes: number }): Promise<ImageRegistry> {
  const tar = createLayer(megabytes);
  const layer: Blob = { type: LAYER, bytes: gzipSync(tar, { level: 1 }) };
  const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64';
  const description = { architecture, os: 'linux', config: {}, rootfs: { type: 'layers', diff_ids: [digestOf(tar)] } };
  const config: Blob = { type: CONFIG, bytes: Buffer.from(JSON.stringify(description)) };
  const content = { schemaVersion: 2, mediaType: MANIFEST, config: describe(config), layers: [describe(layer)] };
  const manifest: Blob = { type: MANIFEST, bytes: Buffer.from(JSON.stringify(content)) };
  const blobs = new Map([layer, config, manifest].map((blob) => [digestOf(blob.bytes), blob]));

  const server = createServer((req, res) => {
    res.setHeader('Docker-Distribution-Api-Version', 'registry/2.0');
    if (req.url === '/v2/') return void res.end('{}');
    const [, reference = ''] = /^\/v2\/tools\/filler\/(?:manifests|blobs)\/(.+)$/.exec(req.url ?? '') ?? [];
    const blob = reference === '1' ? manifest : blobs.get(reference);
    if (!blob) return void res.writeHead(404).end();
    res.writeHead(200, {
      'Content-Type': blob.type,
      'Content-Length': blob.bytes.length,
      'Docker-Content-Digest': digestOf(blob.bytes),
    });
    res.end(req.method === 'HEAD' ? undefined : blob.bytes);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    image: `127.0.0.1:${(server.address() as AddressInfo).port}/tools/filler:1`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
