// A plan as text: what a person reads before they say yes, and what stands in a pull request.
import type { FieldChange, Plan, PlanDowntime, PlanPort, PlanStep, PlanVolume } from '../../../contract/index.ts';

/** `+` created, `-` removed, `~` changed with its fields, then ports, volumes, notes. Lines end with \n. */
export function renderPlan(plan: Plan): string {
  const sections = [
    [toHeadline(plan)],
    renderSteps(plan.steps),
    renderPorts(plan.ports),
    renderVolumes(plan),
    renderDowntime(plan.downtime),
    renderNotes('!', 'warning', plan.warnings),
    renderNotes('x', 'blocked', plan.blockers),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function toHeadline({ project, verb, mode, steps, unchanged, blockers }: Plan): string {
  const target = verb === 'switch' && mode.from ? `${mode.from} → ${mode.to}` : mode.to;
  const counts = countSteps(steps);
  if (unchanged.length > 0) counts.push(`${unchanged.length} unchanged`);
  const outcome = steps.length === 0 ? ['nothing to do', ...counts] : counts;
  if (blockers.length > 0) outcome.push(`cannot be applied: ${blockers.length} blocked`);
  return `${project}: ${verb}${target ? ` (${target})` : ''}: ${outcome.join(', ')}`;
}

const words: Readonly<Record<PlanStep['action'], string>> = {
  pull: 'to pull',
  build: 'to build',
  create: 'to create',
  recreate: 'to make anew',
  start: 'to start',
  unpause: 'to unpause',
  restart: 'to restart',
  pause: 'to pause',
  stop: 'to stop',
  kill: 'to kill',
  remove: 'to remove',
};

function countSteps(steps: readonly PlanStep[]): string[] {
  return Object.entries(words).flatMap(([action, word]) => {
    const count = steps.filter((step) => step.action === action).length;
    return count === 0 ? [] : [`${count} ${word}`];
  });
}

const signs: Readonly<Record<PlanStep['action'], string>> = {
  pull: '+',
  build: '+',
  create: '+',
  recreate: '~',
  start: '>',
  unpause: '>',
  restart: '>',
  pause: '.',
  stop: '.',
  kill: '.',
  remove: '-',
};

function renderSteps(steps: readonly PlanStep[]): string[] {
  const width = Math.max(0, ...steps.map(({ resource, name }) => `${resource} ${name}`.length));
  const waves = [...new Set(steps.map(({ wave }) => wave))];
  return waves.flatMap((wave) => {
    const own = steps.filter((step) => step.wave === wave);
    const title = waves.length > 1 ? [`wave ${wave + 1}`] : [];
    return [...title, ...own.flatMap((step) => renderStep(step, width))];
  });
}

function renderStep(step: PlanStep, width: number): string[] {
  const subject = `${step.resource} ${step.name}`.padEnd(width);
  const gates = step.gates.map(({ service, condition }) => `${service} ${condition}`);
  const detail = [
    step.action === 'create' ? '' : `${step.action}: ${step.reason}`,
    gates.length > 0 ? `after ${[...new Set(gates)].join(', ')}` : '',
  ];
  const line = `  ${signs[step.action]} ${subject}  ${detail.filter(Boolean).join('; ')}`.trimEnd();
  return [line, ...step.changes.map(renderChange)];
}

/** One field as an indented line, without its end. */
export function renderChange({ field, from, to, masked }: FieldChange): string {
  if (masked && from === to) return `      ${field}: differs (hidden)`;
  if (from === null) return `      ${field}: + ${to}`;
  return to === null ? `      ${field}: - ${from}` : `      ${field}: ${from} → ${to}`;
}

function renderPorts({ opened, closed }: Plan['ports']): string[] {
  if (opened.length + closed.length === 0) return [];
  return [
    'ports',
    ...opened.map((port) => `  + ${toPortText(port)}`),
    ...closed.map((port) => `  - ${toPortText(port)}`),
  ];
}

function toPortText({ hostIp, hostPort, containerPort, protocol, service }: PlanPort): string {
  const address = `${hostIp || 'every address'}:${hostPort ?? 'any'}`;
  return `${address} → ${service}:${containerPort}${protocol === 'tcp' ? '' : `/${protocol}`}`;
}

const fates: Readonly<Record<PlanVolume['fate'], string>> = { created: '+', kept: '=', removed: '-' };

function renderVolumes({ volumes, steps }: Plan): string[] {
  // Volumes that stay as they are say nothing, unless something else happens around them.
  if (volumes.length === 0 || steps.length === 0) return [];
  return ['volumes', ...volumes.map((volume) => `  ${fates[volume.fate]} ${toVolumeText(volume)}`)];
}

function toVolumeText({ name, fate, sizeBytes, lastMode, lastModeFrom, services }: PlanVolume): string {
  if (fate === 'created') return `${name}, new, for ${services.join(', ')}`;
  const size = sizeBytes === null ? 'size unknown' : formatBytes(sizeBytes);
  const verb = { container: 'last written by', volume: 'created by', name: 'named for', unknown: '' }[lastModeFrom];
  const writer = lastMode === null ? 'last written by nobody known' : `${verb} ${lastMode}`;
  return [`${name}, ${fate}`, size, writer, services.length > 0 ? `for ${services.join(', ')}` : '']
    .filter(Boolean)
    .join(', ');
}

/** As the engine counts: powers of 1000. */
function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  return `${Number((bytes / 1000 ** power).toPrecision(3))} ${units[power]}`;
}

function renderDowntime(downtime: readonly PlanDowntime[]): string[] {
  if (downtime.length === 0) return [];
  return ['downtime', ...downtime.map((one) => `  ${one.service}: ${toDowntimeText(one)} (${one.basis})`)];
}

function toDowntimeText({ leastMs, mostMs }: PlanDowntime): string {
  if (mostMs === 0) return 'none';
  if (leastMs === null && mostMs === null) return 'unknown';
  const seconds = (ms: number | null) => (ms === null ? 'unknown' : `${Math.round(ms / 100) / 10}`);
  return `${seconds(leastMs)} to ${seconds(mostMs)} s`;
}

function renderNotes(sign: string, title: string, notes: Plan['warnings']): string[] {
  return notes.flatMap(({ message, remedy }) => [`${sign} ${title}: ${message}`, `    ${remedy}`]);
}
