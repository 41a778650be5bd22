// Waits until the containers that a step depends on are as its gates say, and says what it waits for.
import type { Gate, PlanStep } from '../../../contract/index.ts';
import type { StackContainer } from '../../docker/stackContainer.ts';
import { readLastLines } from '../containerLog.ts';
import { type GateState, toGateState, toHealthLimitMs } from './gateState.ts';
import { type Run, StepEnd } from './run.ts';

/** After the time that a health check gives itself, this much more: the engine may be slow to probe. */
const standardSlackMs = 60_000;
/** A job that is waited for may take long, but not forever. */
const jobLimitMs = 30 * 60_000;

/** Rejects with a StepEnd when a required gate does not open, or the run is cancelled. */
export async function passGates(run: Run, step: PlanStep): Promise<void> {
  await Promise.all(step.gates.map((gate) => passGate(run, step, gate)));
}

async function passGate(run: Run, step: PlanStep, gate: Gate): Promise<void> {
  const state = await waitForGate(run, step, gate);
  if (state.state === 'open') return;
  if (run.options.signal.aborted) throw new StepEnd('skipped', 'cancelled');
  const cause = state.state === 'failed' ? state.cause : 'it was not waited for any longer';
  if (!gate.required) {
    run.remarks.push(toNote(step, gate, cause, 'It is not required, and the service was started without it.'));
    return;
  }
  const lines = state.state === 'failed' && state.container ? await readLastLines(run.engine, state.container.id) : [];
  const told = lines.length > 0 ? ` Its log ends with: ${lines.join(' ⏎ ')}` : '';
  const remedy = `See what "${gate.service}" says (docker compose logs ${gate.service}), then apply again.${told}`;
  throw new StepEnd('skipped', `"${gate.service}": ${cause}`, toNote(step, gate, cause, remedy));
}

function toNote(step: PlanStep, gate: Gate, cause: string, remedy: string) {
  const message = `service "${step.key}" waits for "${gate.service}" to be ${gate.condition}: ${cause}.`;
  return { code: 'dependency-failed', subject: gate.service, message, remedy };
}

async function waitForGate(run: Run, step: PlanStep, gate: Gate): Promise<GateState> {
  const { signal } = run.options;
  const startedAt = run.now();
  let told = '';
  while (!signal.aborted) {
    const containers = await inspectMembers(run, gate);
    const state = toGateState(gate.condition, containers);
    if (state.state !== 'waiting') return state;
    const waitedMs = run.now() - startedAt;
    const late = findLate(run, gate, containers, waitedMs);
    if (late) return late;
    const detail = `${gate.service}: ${gate.condition}, ${Math.floor(waitedMs / 1000)} s`;
    if (detail !== told) run.report(step.id, 'waiting', detail);
    told = detail;
    await run.pulse.next(signal);
  }
  return { state: 'waiting' };
}

function inspectMembers(run: Run, { service, replica }: Gate): Promise<(StackContainer | undefined)[]> {
  return Promise.all(run.members.find(service, replica).map((id) => run.engine.stack.containers.inspect(id)));
}

function findLate(
  run: Run,
  { condition }: Gate,
  containers: readonly (StackContainer | undefined)[],
  waitedMs: number,
): GateState | undefined {
  const slackMs = run.options.gateSlackMs ?? standardSlackMs;
  const limits = containers.map((one) => (one && condition === 'healthy' ? toHealthLimitMs(one) : 0));
  const limitMs = condition === 'completed' ? jobLimitMs : Math.max(...limits) + slackMs;
  if (waitedMs < limitMs) return undefined;
  const [first] = containers;
  const said = first?.probeOutput ? `; its last probe said: ${first.probeOutput.trim().split('\n')[0]}` : '';
  return {
    state: 'failed',
    cause: `it is ${first?.health === 'none' || !first ? (first?.state ?? 'gone') : first.health} after ${Math.round(waitedMs / 1000)} s${said}`,
    container: first ?? null,
  };
}
