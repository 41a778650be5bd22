// Where the programs that the host starts are: built ones beside the built host, sources beside the sources.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Programs } from '../services/sandbox/programs.ts';

/** Gatehouse's own folder. dist/host and app/host are both two levels below it. */
export const PRODUCT_ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const RUNS_FROM_SOURCES = import.meta.url.endsWith('.ts');

export const RENDERER_FOLDER = join(PRODUCT_ROOT, 'dist', 'renderer');
export const PLATFORM_FOLDER = join(PRODUCT_ROOT, 'resources', 'platform');

/** The command line itself, as it must be started again in another process. */
export function findOwnProgram(): string {
  return RUNS_FROM_SOURCES
    ? join(PRODUCT_ROOT, 'app', 'host', 'cli.ts')
    : join(PRODUCT_ROOT, 'dist', 'host', 'gatehouse.js');
}

export function findGatewayProgram(): string {
  return RUNS_FROM_SOURCES
    ? join(PRODUCT_ROOT, 'gateway-core', 'main.ts')
    : join(PRODUCT_ROOT, 'dist', 'gateway', 'gateway.js');
}

/** The relay as a text for `node --eval`; only a build has it. */
export const RELAY_FILE = join(PRODUCT_ROOT, 'dist', 'gateway', 'relay.cjs');

function findServiceProgram(): string {
  return RUNS_FROM_SOURCES
    ? join(PLATFORM_FOLDER, 'services', 'main.ts')
    : join(PRODUCT_ROOT, 'dist', 'platform', 'service.js');
}

/** What the host and the sandbox start: the command line itself, the gateway, the platform's services. */
export function findPrograms(): Programs {
  return {
    node: process.execPath,
    host: [findOwnProgram()],
    gateway: [findGatewayProgram()],
    service: [findServiceProgram()],
    platformFolder: PLATFORM_FOLDER,
    gatewayConfig: join(PLATFORM_FOLDER, 'gateway.yaml'),
  };
}

export function readVersion(): string {
  const { version } = JSON.parse(readFileSync(join(PRODUCT_ROOT, 'package.json'), 'utf8')) as { version: string };
  return version;
}
