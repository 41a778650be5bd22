// The steps of networks and volumes.
import type { PlanNote, PlanStep } from '../../../contract/index.ts';
import { EngineRefusal } from '../../docker/engineProblem.ts';
import type { StackNetwork } from '../../docker/stackParts.ts';
import type { Network, Project } from '../compose/project.ts';
import { MODE_LABEL } from '../spec/configSection.ts';
import { toTextMap } from '../spec/hostSection.ts';
import { readMap, readMaps, readText, withoutUndefined } from '../spec/rawValues.ts';
import { toCause } from './failure.ts';
import { type Run, StepEnd } from './run.ts';

export async function performNetwork(run: Run, step: PlanStep): Promise<string> {
  const { networks } = run.engine.stack;
  if (step.action === 'remove') {
    await removeNetwork(run, step);
    return 'removed';
  }
  const project = getProject(run, step);
  const body = toNetworkBody(project, step.key ?? '', step.name);
  if (step.action === 'create') {
    await networks.create(body);
    // Somebody else may have asked at the same time, or this host before it lost its connection.
    const { doubles = [] } = (await networks.inspect(step.name)) ?? {};
    for (const double of doubles) await networks.remove(double);
    return 'created';
  }
  const before = await networks.inspect(step.target ?? step.name);
  for (const { id } of before?.members ?? []) await networks.disconnect(step.target ?? step.name, id);
  await removeNetwork(run, step);
  try {
    await networks.create(body);
  } catch (error) {
    // Rather the network as it was than none: its containers can start again.
    if (before) await networks.create(toFormerBody(before)).catch(() => {});
    throw error;
  }
  return 'made anew';
}

/** An engine may say that a container has stopped a moment before it has taken it off its networks. */
const lingerMs = 5000;

async function removeNetwork({ engine, pulse, options, now }: Run, step: PlanStep): Promise<void> {
  const { networks } = engine.stack;
  const network = step.target ?? step.name;
  const giveUpAt = now() + lingerMs;
  for (;;) {
    try {
      await networks.remove(network);
      return;
    } catch (error) {
      if (!(error instanceof EngineRefusal && /active endpoints/i.test(error.reason))) throw error;
      if (now() >= giveUpAt || options.signal.aborted) {
        const { members = [] } = (await networks.inspect(network)) ?? {};
        throw new StepEnd('failed', toCause(error), toUseNote(step, members));
      }
    }
    await pulse.next(options.signal);
  }
}

function toUseNote(step: PlanStep, members: StackNetwork['members']): PlanNote {
  const code = 'network-in-use';
  const subject = step.key ?? step.name;
  if (members.length === 0) {
    const message = `network ${step.name}: it cannot be removed: the engine says that something is on it, and shows nothing.`;
    const remedy = 'The engine has lost count, which its restart mends. Restart it, and apply again.';
    return { code, subject, message, remedy };
  }
  const names = members.map(({ name }) => name).join(', ');
  const message = `network ${step.name}: it cannot be removed: ${names} ${members.length === 1 ? 'is' : 'are'} on it.`;
  return { code, subject, message, remedy: `Stop or disconnect ${names}, and apply again.` };
}

export async function performVolume(run: Run, step: PlanStep): Promise<string> {
  const { volumes } = run.engine.stack;
  if (step.action === 'remove') {
    await volumes.remove(step.name);
    return 'removed';
  }
  const project = getProject(run, step);
  const declared = project.volumes?.[step.key ?? ''];
  const mode = run.prepared.options.mode;
  await volumes.create(
    withoutUndefined({
      Name: step.name,
      Driver: declared?.driver,
      DriverOpts: toTextMap(declared?.driver_opts),
      // No hash of our own: newer compose answers a wrong one with "recreate, data will be lost?".
      Labels: {
        ...declared?.labels,
        'com.docker.compose.project': project.name,
        'com.docker.compose.volume': step.key ?? '',
        ...(mode ? { [MODE_LABEL]: mode } : {}),
      },
    }),
  );
  return 'created';
}

function getProject(run: Run, step: PlanStep): Project {
  if (run.prepared.project) return run.prepared.project;
  throw new StepEnd('failed', `no file says how ${step.name} is made`);
}

function toNetworkBody(project: Project, key: string, name: string): Record<string, unknown> {
  const declared: Network = project.networks?.[key] ?? { name };
  return withoutUndefined({
    Name: name,
    // Without it the engine before 25 makes a second network of the same name.
    CheckDuplicate: true,
    Driver: declared.driver || 'bridge',
    Internal: declared.internal ?? false,
    Attachable: declared.attachable ?? false,
    EnableIPv6: declared.enable_ipv6 ?? false,
    Options: toTextMap(declared.driver_opts),
    IPAM: toIpam(declared.ipam),
    Labels: { ...declared.labels, 'com.docker.compose.project': project.name, 'com.docker.compose.network': key },
  });
}

function toIpam(ipam: Network['ipam']): Record<string, unknown> | undefined {
  const pools = readMaps(ipam?.config).map((pool) =>
    withoutUndefined({
      Subnet: readText(pool.subnet) || undefined,
      Gateway: readText(pool.gateway) || undefined,
      IPRange: readText(pool.ip_range) || undefined,
      AuxAddress: pool.aux_addresses ? readMap(pool.aux_addresses) : undefined,
    }),
  );
  const driver = readText(ipam?.driver);
  if (pools.length === 0 && driver === '') return undefined;
  return { Driver: driver || 'default', Config: pools };
}

function toFormerBody(network: StackNetwork): Record<string, unknown> {
  return {
    Name: network.name,
    Driver: network.driver,
    Internal: network.internal,
    Attachable: network.attachable,
    EnableIPv6: network.enableIpv6,
    Options: network.options,
    Labels: network.labels,
    IPAM: {
      Driver: network.ipam.driver || 'default',
      Config: network.ipam.pools.map(({ subnet, gateway, ipRange, reserved }) => ({
        Subnet: subnet,
        ...(gateway ? { Gateway: gateway } : {}),
        ...(ipRange ? { IPRange: ipRange } : {}),
        ...(Object.keys(reserved).length > 0 ? { AuxAddress: reserved } : {}),
      })),
    },
  };
}
