// Where the Docker engine is, found in the order of the docker CLI: what `docker ps` reaches, Gatehouse reaches.
import { join } from 'node:path';
import { GatehouseError } from '../../contract/index.ts';
import { type FoundAddress, parseEngineAddress } from './address.ts';
import { configFolder, findChosenContext, findContextAddress } from './contexts.ts';
import type { Machine } from './machine.ts';
import { findEnvironmentTls } from './tlsFiles.ts';

/** Throws `engine-missing` when nothing on this machine names an engine, or when it is named in a way that is not supported. */
export function findEngineAddress(machine: Machine): FoundAddress {
  const host = machine.env.DOCKER_HOST;
  if (host)
    return {
      address: parseEngineAddress(host, 'DOCKER_HOST', findEnvironmentTls(machine, configFolder(machine))),
      from: 'DOCKER_HOST',
    };

  const context = findChosenContext(machine);
  if (context) return findContextAddress(machine, context);

  const path = defaultSockets(machine).find((candidate) => machine.exists(candidate));
  if (path) return { address: { kind: 'socket', path }, from: 'default socket' };
  throw new GatehouseError({
    code: 'engine-missing',
    message: `No Docker engine was found: DOCKER_HOST is not set, no docker context is chosen, and there is no socket at ${defaultSockets(machine)[0]}.`,
    remedy: 'Start Docker, set DOCKER_HOST, or use the sandbox, which needs no Docker.',
  });
}

function defaultSockets(machine: Machine): string[] {
  if (machine.platform === 'win32') return ['\\\\.\\pipe\\docker_engine'];
  const { userId } = machine;
  // A shell of `su` or `sudo` has no XDG_RUNTIME_DIR, but the rootless engine of the user runs all the same.
  const runtime = machine.env.XDG_RUNTIME_DIR || (userId === undefined ? undefined : `/run/user/${userId}`);
  return [
    '/var/run/docker.sock',
    ...(runtime ? [join(runtime, 'docker.sock')] : []),
    join(machine.homeFolder, '.docker', 'run', 'docker.sock'),
    join(machine.homeFolder, '.docker', 'desktop', 'docker.sock'),
    join(machine.homeFolder, '.colima', 'default', 'docker.sock'),
    join(machine.homeFolder, '.rd', 'docker.sock'),
  ];
}
