// From what an engine refuses to a note that names the thing, the cause and the remedy.
import { GatehouseError, type PlanNote, type PlanStep } from '../../../contract/index.ts';
import { EngineRefusal } from '../../docker/engineProblem.ts';
import { StepEnd } from './run.ts';

export function toCause(error: unknown): string {
  const message = error instanceof Error ? error.message : 'unknown reason';
  return (error instanceof EngineRefusal ? error.reason : message).trim().replace(/\.$/, '').slice(0, 600);
}

const remedies: readonly [RegExp, string, string][] = [
  [
    /port is already allocated|address already in use|Ports are not available|is taken/i,
    'port-taken',
    'Find who has the port (ss -ltnp, docker ps), stop it or publish another one, and apply again.',
  ],
  [
    /No such image|manifest unknown|not found: manifest|pull access denied/i,
    'image-missing',
    'Check the name of the image and whether you may read it (docker login).',
  ],
  [
    /executable file not found|no such file or directory: unknown|permission denied: unknown/i,
    'command-failed',
    'Check command and entrypoint of the service.',
  ],
  [
    /is already in use by container/i,
    'name-taken',
    'Remove or rename the container that has the name, and apply again.',
  ],
  [/volume is in use/i, 'volume-in-use', 'Remove the containers that use it, and apply again.'],
  [/marked read-only/i, 'read-only', 'Use a file as the source of the secret or config, or leave `read_only` out.'],
  [/no space left on device/i, 'disk-full', 'Make room on the disk of the engine (docker system df), and apply again.'],
];

/** null for what is only a consequence of something else. */
export function toProblem(step: PlanStep, error: unknown): PlanNote | null {
  if (error instanceof StepEnd) return error.note;
  const subject = step.key ?? step.name;
  const cause = toCause(error);
  const message = `${toSubject(step)}: ${toVerb(step)} failed: ${cause}.`;
  if (error instanceof GatehouseError) return { code: error.code, subject, message, remedy: error.remedy };
  const known = remedies.find(([pattern]) => pattern.test(cause));
  return {
    code: known?.[1] ?? 'engine-refused',
    subject,
    message,
    remedy:
      known?.[2] ?? 'Correct the cause and apply again: what was done stays, and the next plan goes on from there.',
  };
}

const toSubject = ({ resource, key, name }: PlanStep) =>
  resource === 'container' && key !== null ? `service "${key}" (${name})` : `${resource} ${name}`;

const verbs: Readonly<Record<PlanStep['action'], string>> = {
  pull: 'pulling',
  build: 'building',
  create: 'creating',
  recreate: 'making it anew',
  start: 'starting',
  unpause: 'unpausing',
  restart: 'restarting',
  pause: 'pausing',
  stop: 'stopping',
  kill: 'killing',
  remove: 'removing',
};

const toVerb = ({ action }: PlanStep) => verbs[action];
