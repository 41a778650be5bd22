import { pass, type Stage } from './stage.ts';

/** Says how the answer gets back; the transport carries it. */
export const respond: Stage = {
  name: 'respond',
  decide: (request) =>
    pass(
      request.protocol === 'websocket'
        ? 'After the upgrade, bytes pass both ways until one side closes.'
        : 'The answer streams back, without the fields that belong to the connection.',
    ),
};
