import { createLimitStage } from '../limits/limitStage.ts';

/** Before anybody is authenticated: guessing passwords costs an attempt too. */
export const ipLimit = createLimitStage({
  name: 'ip-limit',
  stage: 'ip',
  unconfigured: 'No limit per client address is configured.',
});
