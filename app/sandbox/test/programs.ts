import { fileURLToPath } from 'node:url';
import { programs } from '../../../scripts/programs.mjs';
import type { Programs } from '../engine.ts';

const fromRoot = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

export const testPrograms: Programs = {
  node: process.execPath,
  gateway: [programs.gateway],
  service: [programs.service],
  gatewayConfig: fromRoot('resources/platform/gateway.yaml'),
};
