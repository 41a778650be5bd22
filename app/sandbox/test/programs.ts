import { fileURLToPath } from 'node:url';
import type { Programs } from '../engine.ts';

const fromRoot = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

/** The programs as sources, which Node runs as they are. */
export const sourcePrograms: Programs = {
  node: process.execPath,
  gateway: [fromRoot('gateway-core/main.ts')],
  service: [fromRoot('resources/platform/services/main.ts')],
  gatewayConfig: fromRoot('resources/platform/gateway.yaml'),
};
