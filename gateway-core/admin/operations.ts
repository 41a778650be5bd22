// Everything that the admin API can do. The server, the OpenAPI document and its test are made of this table.

import type { Operation } from './operation.ts';
import { configOperations } from './operations/config.ts';
import { healthOperations } from './operations/health.ts';
import { policyOperations } from './operations/policies.ts';
import { replayOperations } from './operations/replay.ts';
import { routingOperations } from './operations/routing.ts';
import { trafficOperations } from './operations/traffic.ts';
import { upstreamOperations } from './operations/upstreams.ts';

export const operations: readonly Operation[] = [
  ...healthOperations,
  ...routingOperations,
  ...upstreamOperations,
  ...policyOperations,
  ...trafficOperations,
  ...replayOperations,
  ...configOperations,
];
