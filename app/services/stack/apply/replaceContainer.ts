// Puts a new container in the place of an old one. Until the new one has started, the old one can come back.
import type { PlanStep } from '../../../contract/index.ts';
import type { StackContainer } from '../../docker/stackContainer.ts';
import { readNumber } from '../spec/rawValues.ts';
import { createContainer } from './createContainer.ts';
import { toCause } from './failure.ts';
import { passGates } from './gates.ts';
import { keepLog } from './keptLog.ts';
import { type Run, StepEnd } from './run.ts';

export async function replaceContainer(
  run: Run,
  step: PlanStep,
  { existing, whenGated }: { existing: StackContainer; whenGated: () => Promise<void> },
): Promise<string> {
  const { containers } = run.engine.stack;
  // The name that compose gives to the next container of a service while the one before is still there.
  const temporary = `${existing.id.slice(0, 12)}_${step.name}`;
  run.report(step.id, 'running', 'creating the new container');
  const created = await createContainer(run, step, { name: temporary, replaces: existing });
  try {
    await whenGated();
    await passGates(run, step);
  } catch (error) {
    await containers.remove(created.id, { force: true, volumes: false });
    throw error;
  }
  // From here on a cancel waits: half of an exchange is no state to leave.
  run.report(step.id, 'running', 'stopping the old container');
  try {
    await containers.stop(existing.id, { limitMs: toGraceMs(existing) });
    await containers.rename(existing.id, `${created.id.slice(0, 12)}_${existing.name}`);
    await containers.rename(created.id, step.name);
    run.report(step.id, 'running', 'starting the new container');
    await containers.start(created.id);
  } catch (error) {
    throw await rollBack(run, step, { existing, createdId: created.id, error });
  }
  run.members.set(step.key ?? '', step.replica ?? 1, created.id);
  await keepLog(run, existing);
  await containers.remove(existing.id, { force: true, volumes: false });
  return 'made anew';
}

/** Of the container itself; ten seconds where it says nothing. */
export function toGraceMs({ inspected }: StackContainer): number {
  const { StopTimeout } = inspected.config;
  return typeof StopTimeout === 'number' ? readNumber(StopTimeout) * 1000 : 10_000;
}

interface Failed {
  readonly existing: StackContainer;
  readonly createdId: string;
  readonly error: unknown;
}

/** The error to end the step with: what went wrong, and what became of the old container. */
async function rollBack(run: Run, step: PlanStep, { existing, createdId, error }: Failed): Promise<StepEnd> {
  const cause = toCause(error);
  const { containers } = run.engine.stack;
  const restored = await (async () => {
    await containers.remove(createdId, { force: true, volumes: false });
    const current = await containers.inspect(existing.id);
    if (current && current.name !== existing.name) await containers.rename(existing.id, existing.name);
    if (existing.state !== 'running' && existing.state !== 'restarting') return 'the old container is as it was';
    await rejoinNetworks(run, existing);
    await containers.start(existing.id);
    return 'the old container runs again';
  })().catch((failure: unknown) => `the old container could not be brought back: ${toCause(failure)}`);
  const message = `${step.name} could not be made anew: ${cause}; ${restored}.`;
  return new StepEnd('failed', message, {
    code: 'recreate-failed',
    subject: step.key ?? step.name,
    message: `service "${step.key}": ${message}`,
    remedy: 'Correct the cause and apply again.',
  });
}

/** A network that was made anew has another id, and the old container knows the id that is gone. */
async function rejoinNetworks(run: Run, existing: StackContainer): Promise<void> {
  const { networks } = run.engine.stack;
  for (const [name, { networkId, aliases, links, ipv4Address, ipv6Address }] of Object.entries(
    existing.inspected.networks,
  )) {
    const current = await networks.inspect(name);
    if (!current || networkId === '' || current.id === networkId) continue;
    await networks.disconnect(name, existing.id).catch(() => {});
    await networks.connect(name, existing.id, {
      Aliases: aliases,
      ...(links.length > 0 ? { Links: links } : {}),
      ...(ipv4Address || ipv6Address
        ? { IPAMConfig: { IPv4Address: ipv4Address ?? '', IPv6Address: ipv6Address ?? '' } }
        : {}),
    });
  }
}
