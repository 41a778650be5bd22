// The stages ip-limit and user-limit: one decision, asked at two places of the order.
import { type Decision, type Findings, pass, type Stage } from '../stages/stage.ts';
import type { LimitAnswer, PolicyVerdict } from './limits.ts';
import type { LimitStageName } from './limitsSection.ts';
import { toRateLimitFields, toRetryAfterSeconds } from './rateLimitFields.ts';

interface LimitStageOptions {
  readonly name: string;
  readonly stage: LimitStageName;
  /** Said when the route has no limit of this kind. */
  readonly unconfigured: string;
}

export function createLimitStage({ name, stage, unconfigured }: LimitStageOptions): Stage {
  const skip: Decision = { outcome: 'skip', sentence: unconfigured };
  return {
    name,
    decide(request, findings, { config, askLimits }) {
      const { route } = findings;
      if (!route) return skip;
      const policies = route.limits[stage];
      const { requestsPerIp, requestsPerUser } = config.limits;
      const hasCap = stage === 'ip' ? requestsPerIp !== null : requestsPerUser !== null && findings.identity !== null;
      if (policies.length === 0 && !hasCap) return skip;
      if (!askLimits) {
        const names = policies.map((policy) => policy.name).join(', ') || 'cap on running requests';
        return { outcome: 'skip', sentence: `The ${names} is not asked: no running gateway was asked.` };
      }
      const answer = askLimits({ stage, request, findings });
      return answer instanceof Promise
        ? answer.then((later) => toDecision(later, findings))
        : toDecision(answer, findings);
    },
  };
}

function toDecision(answer: LimitAnswer, findings: Findings): Decision {
  const { verdicts, cap, slot } = answer;
  if (cap !== null) return refuseByCap(cap);
  const answerHeaders =
    verdicts.length === 0 ? findings.answerHeaders : [...findings.answerHeaders, ...toRateLimitFields(verdicts)];
  if (!answer.admitted) return refuse(answer, { answerHeaders });
  const sentence =
    verdicts.length === 0
      ? 'The client has room for another running request.'
      : `Admitted: ${verdicts.map(toWords).join('; ')}${toStoreWords(answer)}.`;
  return pass(sentence, slot === null ? { answerHeaders } : { answerHeaders, slots: [...findings.slots, slot] });
}

function toWords({ policy, verdict }: PolicyVerdict): string {
  return `${policy.name} has ${verdict.remaining} of ${policy.burst} left`;
}

function toStoreWords({ store }: LimitAnswer): string {
  return store === 'fallback' ? ', as this gateway alone has counted, since Redis does not answer' : '';
}

function refuse(answer: LimitAnswer, found: Partial<Findings>): Decision {
  const refusing = answer.verdicts.filter(({ verdict }) => !verdict.admitted);
  const seconds = toRetryAfterSeconds(refusing);
  const words = refusing
    .map(({ policy }) => `${policy.name} gives back ${policy.rate} in ${policy.perSeconds} s`)
    .join(', ');
  const detail = `Too many requests: ${words}; try again in ${seconds} s.`;
  return {
    outcome: 'stop',
    sentence: `${detail.slice(0, -1)}${toStoreWords(answer)}.`,
    answer: {
      kind: 'problem',
      problem: {
        code: 'rate-limited',
        detail,
        headers: [['retry-after', String(seconds)]],
        // The member that the draft gives to problems of this kind (section 5.1).
        members: { 'violated-policies': refusing.map(({ policy }) => policy.name) },
      },
    },
    found,
  };
}

function refuseByCap(cap: number): Decision {
  const detail = `${cap} requests of this client are running, and no more may run at a time; try again when one has ended.`;
  const problem = { code: 'too-many-running', detail, headers: [['retry-after', '1']] } as const;
  return { outcome: 'stop', sentence: detail, answer: { kind: 'problem', problem } };
}
