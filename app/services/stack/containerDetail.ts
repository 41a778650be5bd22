import type { ContainerDetail } from '../../contract/index.ts';
import { type Inspected, toObservedContainer } from '../docker/observed.ts';
import { cleanText } from '../docker/styledText.ts';
import { maskText, maskVariable } from './maskSecrets.ts';

const listLimit = 500;
const valueLimit = 4096;

/** One container for the drawer; secrets are masked and every list is bounded. */
export function toContainerDetail(inspected: Inspected): ContainerDetail {
  const observed = toObservedContainer(inspected);
  const { id, name, state, health, probes, startedAt, finishedAt, exitCode, outOfMemory, restarts, image, imageId } =
    observed;
  const { Config, Mounts } = inspected;
  const test = Config.Healthcheck?.Test ?? [];
  return {
    container: {
      id,
      name,
      state,
      health,
      probes: probes.map((probe) => ({ ...probe, output: maskText(probe.output) })),
      startedAt,
      finishedAt,
      exitCode,
      outOfMemory,
      restarts,
      image,
      imageId,
    },
    command: toText([...(Config.Entrypoint ?? []), ...(Config.Cmd ?? [])].join(' ')),
    environment: (Config.Env ?? []).slice(0, listLimit).map((entry) => {
      const at = entry.indexOf('=');
      const [key, value] = at === -1 ? [entry, ''] : [entry.slice(0, at), entry.slice(at + 1)];
      return maskVariable(key.slice(0, 256), cleanText(value).slice(0, valueLimit));
    }),
    mounts: (Mounts ?? [])
      .slice(0, listLimit)
      .map(({ Source, Destination, RW }) => ({ source: Source, target: Destination, readOnly: !RW })),
    networks: observed.networks
      .slice(0, listLimit)
      .map((network) => ({ ...network, aliases: network.aliases.slice(0, listLimit) })),
    restartPolicy: observed.restartPolicy,
    healthTest: test.length > 0 ? toText(test.join(' ')) : null,
  };
}

function toText(text: string): string {
  return maskText(cleanText(text).slice(0, valueLimit));
}
