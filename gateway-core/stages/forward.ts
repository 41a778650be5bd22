import { pass, type Stage } from './stage.ts';

/** Says where the request goes; the transport takes it there. */
export const forward: Stage = {
  name: 'forward',
  decide(request, { route, forwardedPath }) {
    if (!route) return { outcome: 'skip', sentence: 'There is no upstream to forward to.' };
    return pass(`${request.method} ${forwardedPath} is forwarded to ${route.upstream.authority}.`);
  },
};
