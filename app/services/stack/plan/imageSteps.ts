// Which images are there, which are fetched or built first, and which cannot be had.
import type { PlanImage } from '../../../contract/index.ts';
import { findUnsupported } from '../build/buildQuery.ts';
import type { Project, Service } from '../compose/project.ts';
import { getService, toImageReference } from '../spec/names.ts';
import { type Draft, toPartStep } from './draft.ts';
import type { ObservedStack } from './observedStack.ts';
import type { PlanOptions } from './preparedPlan.ts';

export interface ImageOutcome {
  readonly images: readonly PlanImage[];
  /** Fetched or built although they are there: only then is it known whether containers must follow. */
  readonly renewed: ReadonlySet<string>;
}

type Intent = 'keep' | 'pull' | 'build' | 'missing';

export function planImages(
  project: Project,
  services: readonly string[],
  observed: ObservedStack,
  { options, draft }: { options: PlanOptions; draft: Draft },
): ImageOutcome {
  const images: PlanImage[] = [];
  const renewed = new Set<string>();
  for (const [reference, users] of toUsers(project, services)) {
    const isThere = Boolean(observed.images[reference]);
    const intents = users.map((name) => toIntent(getService(project, name), isThere, options));
    const intent = (['build', 'pull', 'keep', 'missing'] as const).find((one) => intents.includes(one)) ?? 'keep';
    // Of several services with one image, one that has a build section makes it for all.
    const key = users[intents.indexOf(intent)] ?? null;
    if (intent === 'missing') blockMissing(reference, users, draft);
    if (intent === 'build' && key !== null) blockUnsupported(key, getService(project, key).build, draft);
    if (intent === 'pull' || intent === 'build') {
      const reason = isThere ? `asked for: ${intent} anew` : 'not on the engine yet';
      draft.steps.push(toPartStep({ resource: 'image', action: intent, name: reference, key, reason }));
      if (isThere) renewed.add(reference);
    }
    const state = { keep: 'present', pull: 'toPull', build: 'toBuild', missing: 'missing' } as const;
    images.push({ reference, services: users, state: state[intent] });
  }
  return { images, renewed };
}

function toUsers(project: Project, services: readonly string[]): [string, string[]][] {
  const users = new Map<string, string[]>();
  for (const name of services) {
    const reference = toImageReference(project, name);
    users.set(reference, [...(users.get(reference) ?? []), name]);
  }
  return [...users].sort(([a], [b]) => (a < b ? -1 : 1));
}

function toIntent(service: Service, isThere: boolean, options: PlanOptions): Intent {
  if (service.build && (options.build || service.pull_policy === 'build')) return 'build';
  const policy = options.pull ?? service.pull_policy ?? 'missing';
  if (policy === 'always' && !service.build) return 'pull';
  if (isThere) return 'keep';
  if (service.build) return 'build';
  return policy === 'never' ? 'missing' : 'pull';
}

function blockUnsupported(service: string, build: Service['build'], { blockers }: Draft): void {
  for (const { key, reason } of build ? findUnsupported(build) : []) {
    blockers.push({
      code: 'unsupported',
      subject: service,
      message: `service "${service}" has \`${key}\`: ${reason}.`,
      remedy: `Build the image with docker compose build ${service}, then plan again.`,
    });
  }
}

function blockMissing(reference: string, services: readonly string[], { blockers }: Draft): void {
  blockers.push({
    code: 'image-missing',
    subject: reference,
    message: `image "${reference}" of ${services.map((name) => `"${name}"`).join(', ')} is not on the engine, and pull_policy says never.`,
    remedy: `Load or build it first (docker load, docker build -t ${reference}), or allow to pull it.`,
  });
}
