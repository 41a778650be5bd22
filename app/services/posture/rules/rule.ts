// What a rule is, and the few forms in which it judges.
import type { PostureStatus, Severity } from '../../../contract/index.ts';
import type { Mode, Part, PostureFacts } from '../facts/facts.ts';

export interface Rule {
  /** `domain.name`, stable: waivers and scripts name it. */
  readonly id: string;
  readonly severity: Severity;
  readonly title: string;
  readonly remedy: string;
  readonly source: string;
  /** Of which mode it is asked. */
  readonly modes: readonly Mode[];
  /** It is the engine that enforces it, so that in the sandbox, whose containers are plain processes, it is never passed. */
  readonly isEnforcedByEngine?: true;
  /** Pure. What there is nothing to say of is not applicable. */
  judge(facts: PostureFacts): readonly Finding[];
}

export interface Finding {
  readonly subject: string;
  readonly status: Extract<PostureStatus, 'pass' | 'fail' | 'unknown'>;
  readonly seen: string;
  readonly where: string;
}

export type Verdict = readonly [status: Finding['status'], seen: string];

export const pass = (seen: string): Verdict => ['pass', seen];
export const fail = (seen: string): Verdict => ['fail', seen];
export const unknown = (seen: string): Verdict => ['unknown', seen];

export const inProduction = ['prod'] as const;
export const inBoth = ['dev', 'prod'] as const;

export function toFinding(subject: string, where: string, [status, seen]: Verdict): Finding {
  return { subject, status, seen, where };
}

/** One finding a part; none where `judge` has nothing to say. */
export function ofParts(
  judge: (part: Part, facts: PostureFacts) => Verdict | null,
  isMeant: (part: Part, facts: PostureFacts) => boolean = () => true,
): Rule['judge'] {
  return (facts) =>
    facts.parts
      .filter((part) => isMeant(part, facts))
      .flatMap((part) => {
        const verdict = judge(part, facts);
        return verdict ? [toFinding(part.service, part.where, verdict)] : [];
      });
}

/** `a, b and 3 more`. */
export function toList(names: readonly string[], shown = 6): string {
  const unique = [...new Set(names)];
  if (unique.length <= shown) return unique.join(', ');
  return `${unique.slice(0, shown).join(', ')} and ${unique.length - shown} more`;
}

/** As `toList`, the same whatever the order in which an engine lists things. */
export const toSortedList = (names: readonly string[]): string => toList(names.toSorted());

export const model = (paragraph: string) => `PLATFORM.md, ${paragraph}`;
/** Version 1.6.0 of the benchmark: numbers moved between versions. */
export const cis = (number: string) => `CIS Docker Benchmark 1.6.0, ${number}`;
