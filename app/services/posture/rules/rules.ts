// All rules. Their ids are for ever: waivers and scripts name them.
import { edgeRules } from './edge.ts';
import { exposureRules } from './exposure.ts';
import { gatewayRules } from './gateway.ts';
import { imageRules } from './images.ts';
import { isolationRules } from './isolation.ts';
import { networkRules } from './networks.ts';
import type { Rule } from './rule.ts';
import { runtimeRules } from './runtime.ts';
import { secretRules } from './secrets.ts';

export const rules: readonly Rule[] = [
  ...exposureRules,
  ...networkRules,
  ...secretRules,
  ...isolationRules,
  ...gatewayRules,
  ...edgeRules,
  ...runtimeRules,
  ...imageRules,
];
