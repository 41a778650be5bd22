import type { HandlersOf, HostInfo, Operations } from '../../contract/index.ts';
import { readHostStorage, type StorageOptions } from './hostStorage.ts';

export interface HostHandlerDeps {
  version: string;
  readOnly: boolean;
  stackFolder: string | null;
  engineChoice: HostInfo['engineChoice'];
  storage: StorageOptions;
}

export function createHostHandlers({
  version,
  readOnly,
  stackFolder,
  engineChoice,
  storage,
}: HostHandlerDeps): HandlersOf<Operations['host']> {
  const startedAt = Date.now();
  return {
    info: async () => ({
      product: 'gatehouse',
      version,
      pid: process.pid,
      node: process.version,
      platform: process.platform,
      startedAt,
      readOnly,
      stackFolder,
      engineChoice,
    }),
    storage: async () => readHostStorage(storage),
  };
}
