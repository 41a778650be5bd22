import type { HandlersOf, HostInfo, Operations } from '../../contract/index.ts';

export interface HostHandlerDeps {
  version: string;
  readOnly: boolean;
  stackFolder: string | null;
  engineChoice: HostInfo['engineChoice'];
}

export function createHostHandlers({
  version,
  readOnly,
  stackFolder,
  engineChoice,
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
  };
}
