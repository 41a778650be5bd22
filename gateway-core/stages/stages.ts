// The life of a request, in order. This array is the only place that knows the order.
import { authenticate } from './authenticate.ts';
import { authorise } from './authorise.ts';
import { breaker } from './breaker.ts';
import { forward } from './forward.ts';
import { ipLimit } from './ipLimit.ts';
import { normalise } from './normalise.ts';
import { respond } from './respond.ts';
import { route } from './route.ts';
import { sizeLimits } from './sizeLimits.ts';
import type { Stage } from './stage.ts';
import { userLimit } from './userLimit.ts';
import { validate } from './validate.ts';

export const stages: readonly Stage[] = [
  normalise,
  route,
  sizeLimits,
  ipLimit,
  authenticate,
  authorise,
  userLimit,
  validate,
  breaker,
  forward,
  respond,
];

/** Where their records stand among those of a run that has ended. */
export const FORWARD = stages.indexOf(forward);
export const RESPOND = stages.indexOf(respond);
