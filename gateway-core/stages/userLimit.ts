import { createLimitStage } from '../limits/limitStage.ts';

/** Once it is known who asks, and that it may. */
export const userLimit = createLimitStage({
  name: 'user-limit',
  stage: 'user',
  unconfigured: 'No limit per user is configured.',
});
