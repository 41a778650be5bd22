// A plan as it is shown: what changes by resource, as a diff, and the same in one sentence with numbers. Pure.
import type { Plan, PlanDowntime, PlanPort, PlanStep, PlanVolume, StepAction } from '../../../app/contract/index.ts';
import { formatDuration, formatQuantity } from '../../components/format.ts';

/** What a sign says besides its shape. */
export type DiffTone = 'added' | 'removed' | 'changed' | 'begins' | 'ends';

export interface DiffRow {
  step: PlanStep;
  sign: string;
  tone: DiffTone;
  /** `make anew: 2 fields differ`. */
  words: string;
  /** What has to be reached before it begins: `postgres healthy`. */
  after: string[];
}

export interface DiffGroup {
  resource: PlanStep['resource'];
  title: string;
  /** `3 to make anew, 1 to remove`. */
  counts: string;
  rows: DiffRow[];
}

interface ActionLook {
  sign: string;
  tone: DiffTone;
  verb: string;
}

const looks: Readonly<Record<StepAction, ActionLook>> = {
  remove: { sign: '−', tone: 'removed', verb: 'remove' },
  recreate: { sign: '~', tone: 'changed', verb: 'make anew' },
  create: { sign: '+', tone: 'added', verb: 'create' },
  pull: { sign: '+', tone: 'added', verb: 'pull' },
  build: { sign: '+', tone: 'added', verb: 'build' },
  start: { sign: '▸', tone: 'begins', verb: 'start' },
  unpause: { sign: '▸', tone: 'begins', verb: 'resume' },
  restart: { sign: '↻', tone: 'changed', verb: 'restart' },
  stop: { sign: '▪', tone: 'ends', verb: 'stop' },
  pause: { sign: '▪', tone: 'ends', verb: 'pause' },
  kill: { sign: '▪', tone: 'ends', verb: 'kill' },
};

/** What cannot be undone is read first. */
const actions = Object.keys(looks) as StepAction[];

const titles: Readonly<Record<PlanStep['resource'], string>> = {
  container: 'Containers',
  network: 'Networks',
  volume: 'Volumes',
  image: 'Images',
};

const resources = Object.keys(titles) as PlanStep['resource'][];

export function toDiffGroups(plan: Pick<Plan, 'steps'>): DiffGroup[] {
  return resources.flatMap((resource) => {
    const steps = plan.steps
      .filter((step) => step.resource === resource)
      .sort((a, b) => actions.indexOf(a.action) - actions.indexOf(b.action) || a.wave - b.wave || byName(a, b));
    if (steps.length === 0) return [];
    return [{ resource, title: titles[resource], counts: toCounts(steps).join(', '), rows: steps.map(toDiffRow) }];
  });
}

const byName = (a: PlanStep, b: PlanStep) => (a.name < b.name ? -1 : 1);

/** What the action says by itself, or the verb of the whole plan. */
const plainReasons: readonly string[] = ['asked for', 'down'];

function toDiffRow(step: PlanStep): DiffRow {
  const { sign, tone, verb } = looks[step.action];
  // That it is not there yet is what `create` says.
  const isSaid = step.action === 'create' || plainReasons.includes(step.reason);
  return {
    step,
    sign,
    tone,
    words: [
      isSaid ? verb : `${verb}: ${step.reason}`,
      ...(step.onlyIfNewImage === null ? [] : ['only if its image is another one then']),
    ].join(', '),
    after: [...new Set(step.gates.map(({ service, condition }) => `${service} ${condition}`))],
  };
}

function toCounts(steps: readonly PlanStep[]): string[] {
  return actions.flatMap((action) => {
    const count = steps.filter((step) => step.action === action).length;
    return count === 0 ? [] : [`${count} to ${looks[action].verb}`];
  });
}

/** The longest first; what has no end known, before all. */
export function sortByDowntime(downtime: readonly PlanDowntime[]): PlanDowntime[] {
  const most = ({ leastMs, mostMs }: PlanDowntime) => mostMs ?? leastMs ?? Number.POSITIVE_INFINITY;
  return downtime.toSorted((a, b) => most(b) - most(a) || (a.service < b.service ? -1 : 1));
}

/** `none`, `0.5 s to 12 s`, `until it is started again`. */
export function toDowntimeText({ leastMs, mostMs, basis }: PlanDowntime): string {
  if (mostMs === 0) return 'none';
  if (leastMs === null && mostMs === null) return basis;
  if (mostMs === null) return `at least ${toSeconds(leastMs ?? 0)}`;
  return leastMs === null ? `up to ${toSeconds(mostMs)}` : `${toSeconds(leastMs)} to ${toSeconds(mostMs)}`;
}

const toSeconds = (ms: number) => (ms < 60_000 ? `${Math.round(ms / 100) / 10} s` : formatDuration(ms));

/** `0.0.0.0:8080 → search:8080/udp`. */
export function toPortText({ hostIp, hostPort, containerPort, protocol, service }: PlanPort): string {
  const address = hostIp === '' ? 'every address' : hostIp.includes(':') ? `[${hostIp}]` : hostIp;
  return `${address}:${hostPort ?? 'any'} → ${service}:${containerPort}${protocol === 'tcp' ? '' : `/${protocol}`}`;
}

const writerWords: Readonly<Record<PlanVolume['lastModeFrom'], string>> = {
  container: 'last written by',
  volume: 'created by',
  name: 'named for',
  unknown: '',
};

/** `last written by dev`; of one that is new, nobody wrote it. */
export function toWriterText({ fate, lastMode, lastModeFrom }: PlanVolume): string {
  if (fate === 'created') return 'new, empty';
  return lastMode === null ? 'nobody knows who wrote it last' : `${writerWords[lastModeFrom]} ${lastMode}`;
}

/** What the plan does, in one sentence with numbers. */
export function sayPlan(plan: Plan): string {
  if (plan.steps.length === 0) {
    const count = plan.unchanged.length;
    return `Nothing to do${count > 0 ? `: ${formatQuantity(count, 'service')} as they should be` : ''}.`;
  }
  const parts = [
    ...actions.flatMap((action) => sayAction(action, plan.steps)),
    ...countPorts('opens', plan.ports.opened),
    ...countPorts('closes', plan.ports.closed),
  ];
  const sentence = parts.join(', ');
  return `${sentence.slice(0, 1).toUpperCase()}${sentence.slice(1)}.`;
}

const sentenceVerbs: Readonly<Record<StepAction, string>> = {
  remove: 'removes',
  recreate: 'makes anew',
  create: 'creates',
  pull: 'pulls',
  build: 'builds',
  start: 'starts',
  unpause: 'resumes',
  restart: 'restarts',
  stop: 'stops',
  pause: 'pauses',
  kill: 'kills',
};

/** `removes 26 containers, 4 networks and 8 volumes`. */
function sayAction(action: StepAction, steps: readonly PlanStep[]): string[] {
  const counts = resources.flatMap((resource) => {
    const count = steps.filter((step) => step.action === action && step.resource === resource).length;
    return count === 0 ? [] : [formatQuantity(count, resource)];
  });
  const last = counts.pop();
  if (last === undefined) return [];
  return [`${sentenceVerbs[action]} ${counts.length > 0 ? `${counts.join(', ')} and ` : ''}${last}`];
}

function countPorts(verb: string, ports: readonly PlanPort[]): string[] {
  return ports.length === 0 ? [] : [`${verb} ${formatQuantity(ports.length, 'port')}`];
}

/** Services that do not answer while it is carried out, or afterwards. */
export function findInterrupted({ steps, downtime }: Pick<Plan, 'steps' | 'downtime'>): string[] {
  const ending: readonly StepAction[] = ['remove', 'recreate', 'restart', 'stop', 'pause', 'kill'];
  const names = steps.flatMap(({ resource, action, key }) =>
    resource === 'container' && key !== null && ending.includes(action) ? [key] : [],
  );
  // One replica at a time: somebody answers all the while.
  const isCovered = (name: string) => downtime.some(({ service, mostMs }) => service === name && mostMs === 0);
  return [...new Set(names)].filter((name) => !isCovered(name)).sort();
}
