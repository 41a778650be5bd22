import type { Containers } from '../containers/containers.ts';
import type { Lifecycle } from '../containers/lifecycle.ts';
import type { PortAllocator } from '../containers/ports.ts';
import type { Networks } from '../networks/networks.ts';
import type { EventLog } from '../streams/eventLog.ts';

/** What the routes work on. */
export interface EngineParts {
  containers: Containers;
  networks: Networks;
  events: EventLog;
  lifecycle: Lifecycle;
  ports: PortAllocator;
  stateFolder: string;
  startedAt: number;
  namesChanged(): void;
}
