// The steps of networks and volumes.
import type { PlanStep } from '../../../contract/index.ts';
import type { StackNetwork } from '../../docker/stackParts.ts';
import type { Network, Project } from '../compose/project.ts';
import { MODE_LABEL } from '../spec/configSection.ts';
import { toTextMap } from '../spec/hostSection.ts';
import { readMap, readMaps, readText, withoutUndefined } from '../spec/rawValues.ts';
import { type Run, StepEnd } from './run.ts';

export async function performNetwork(run: Run, step: PlanStep): Promise<string> {
  const { networks } = run.engine.stack;
  if (step.action === 'remove') {
    await networks.remove(step.target ?? step.name);
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
  await networks.remove(step.target ?? step.name);
  try {
    await networks.create(body);
  } catch (error) {
    // Rather the network as it was than none: its containers can start again.
    if (before) await networks.create(toFormerBody(before)).catch(() => {});
    throw error;
  }
  return 'made anew';
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
