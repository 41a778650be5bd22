// Whether the engine's machine is this one, and then how much room it has. Docker's API counts what is used, not what is left.
import { statfs } from 'node:fs/promises';
import { freemem, hostname } from 'node:os';
import { type EngineAddress, isRemote } from '../docker/address.ts';
import type { EngineMachine } from '../docker/diskUsage.ts';
import type { RoomFacts } from './judgeCapacity.ts';

/** Why this machine cannot look for the engine; null when it can. Pure. */
export function findObstacle(
  address: EngineAddress,
  { name, system }: EngineMachine,
  { ownName, isSandbox }: { ownName: string; isSandbox: boolean },
): string | null {
  if (isRemote(address)) return 'the engine is on another machine, and its API does not say it';
  if (isSandbox) return null;
  if (/docker desktop/i.test(system)) return 'Docker Desktop keeps its data in a machine of its own';
  // A socket may be the end of a tunnel.
  return name === ownName ? null : `the engine calls its machine ${name || 'nothing'}, and this one is ${ownName}`;
}

export interface LocalRoom extends RoomFacts {
  readonly why: string | null;
  readonly availableMemoryBytes: number | null;
}

/** Never rejects. */
export async function lookAtRoom(
  address: EngineAddress,
  machine: EngineMachine,
  isSandbox: boolean,
): Promise<LocalRoom> {
  const why = findObstacle(address, machine, { ownName: hostname(), isSandbox });
  if (why !== null) return { totalBytes: null, freeBytes: null, why, availableMemoryBytes: null };
  const availableMemoryBytes = freemem();
  try {
    const { bsize, blocks, bavail } = await statfs(machine.folder);
    return { totalBytes: blocks * bsize, freeBytes: bavail * bsize, why: null, availableMemoryBytes };
  } catch {
    return {
      totalBytes: null,
      freeBytes: null,
      why: `${machine.folder} cannot be seen from here`,
      availableMemoryBytes,
    };
  }
}
