// Events of containers, and of the networks and volumes that they join and leave with a run.
import type { EngineEvent, EventLog } from '../streams/eventLog.ts';
import type { Container } from './container.ts';

export function emitContainer(
  events: EventLog,
  container: Container,
  action: string,
  more: Record<string, string> = {},
): void {
  const attributes: EngineEvent['Actor']['Attributes'] = {
    ...container.labels,
    ...more,
    image: container.spec.image,
    name: container.name,
  };
  events.emit('container', action, { ID: container.id, Attributes: attributes });
}

export function emitNetworks(events: EventLog, container: Container, action: 'connect' | 'disconnect'): void {
  for (const { networkId, networkName } of container.endpoints.values()) {
    const attributes = { container: container.id, name: networkName, type: 'bridge' };
    events.emit('network', action, { ID: networkId, Attributes: attributes });
  }
}

export function emitMounts(events: EventLog, container: Container, action: 'mount' | 'unmount'): void {
  for (const mount of container.mounts) {
    if (mount.volume === null) continue;
    const more =
      action === 'mount'
        ? { destination: mount.target, propagation: '', 'read/write': String(!mount.readOnly) }
        : undefined;
    const attributes = { container: container.id, driver: 'local', ...more };
    events.emit('volume', action, { ID: mount.volume, Attributes: attributes });
  }
}
