// Long work in slices, so that the host answers others meanwhile.
import { setImmediate } from 'node:timers/promises';

const sliceMs = 8;

/** Call it before each piece of work: once a slice is used up it lets others in. */
export function createPacer(): () => Promise<void> | undefined {
  let begun = performance.now();
  return () => {
    if (performance.now() - begun < sliceMs) return undefined;
    return setImmediate().then(() => {
      begun = performance.now();
    });
  };
}
