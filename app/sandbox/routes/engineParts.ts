import type { Attachments } from '../containers/attachments.ts';
import type { Containers } from '../containers/containers.ts';
import type { Exits } from '../containers/exits.ts';
import type { Lifecycle } from '../containers/lifecycle.ts';
import type { PortAllocator } from '../containers/ports.ts';
import type { Execs } from '../exec/execs.ts';
import type { Networks } from '../networks/networks.ts';
import type { EventLog } from '../streams/eventLog.ts';
import type { Volumes } from '../volumes/volumes.ts';

/** What the routes work on. */
export interface EngineParts {
  attachments: Attachments;
  containers: Containers;
  networks: Networks;
  volumes: Volumes;
  execs: Execs;
  exits: Exits;
  events: EventLog;
  lifecycle: Lifecycle;
  ports: PortAllocator;
  stateFolder: string;
  startedAt: number;
  namesChanged(): void;
}
