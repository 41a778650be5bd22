// Listeners of the library: what happens to the gateway, and exchanges as one more viewer of the tap.
import type { Core } from '../exchange/core.ts';
import type { ListenedEvents } from './gatewayEvents.ts';

/** Told in one turn of the event loop. */
const BATCH = 100;

/** Returns what ends it. A listener that throws is logged and goes on being told. */
export function listen<Name extends keyof ListenedEvents>(
  core: Core,
  name: Name,
  listener: (event: ListenedEvents[Name]) => void,
): () => void {
  if (name !== 'exchange')
    return core.events.subscribe((event) => {
      if (event.type === name) listener(event as ListenedEvents[Name]);
    });
  const viewer = core.tap.watch({ onWaiting: tell });
  let isOpen = true;
  function tell(): void {
    if (!isOpen) return;
    const { exchanges } = viewer.take(BATCH);
    for (const exchange of exchanges)
      try {
        listener(exchange as ListenedEvents[Name]);
      } catch (error) {
        core.log.error('a listener failed', { event: name, reason: String(error) });
      }
    if (exchanges.length === BATCH) setImmediate(tell);
  }
  return () => {
    isOpen = false;
    viewer.close();
  };
}
