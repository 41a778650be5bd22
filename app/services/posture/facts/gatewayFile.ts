// The gateway's configuration as the files of a stack give it: the one that is mounted where the gateway looks for it.
import { join, posix, relative, sep } from 'node:path';
import { ConfigError, loadConfig } from '../../../../gateway-core/index.ts';
import { GatehouseError } from '../../../contract/index.ts';
import type { FileReader } from '../../stack/compose/fileReader.ts';
import type { Project, Service } from '../../stack/compose/project.ts';
import { isOurGateway } from '../../stack/serviceKind.ts';
import type { GatewayFact } from './facts.ts';
import { toGatewayView } from './gatewayView.ts';
import { findMounted } from './mountedFiles.ts';
import { findKind, type Roles } from './roles.ts';

export async function readGatewayFile(project: Project, roles: Roles, reader: FileReader): Promise<GatewayFact> {
  const gateways = Object.entries(project.services).filter(
    ([name, { image = '' }]) => findKind(name, image, roles) === 'gateway',
  );
  if (gateways.length === 0) return { state: 'absent' };
  const ours = gateways.find(([, { image = '', labels }]) => isOurGateway(image, labels));
  if (!ours) {
    const [[name] = ['']] = gateways;
    return { state: 'unknown', why: `the configuration of ${name} cannot be read in this version` };
  }
  const [name, service] = ours;
  const file = findConfigFile(project, service);
  if (file === undefined)
    return { state: 'unknown', why: `${name} mounts no file where it looks for its configuration` };
  return read(file, reader);
}

async function read(file: string, reader: FileReader): Promise<GatewayFact> {
  try {
    const text = await reader.readText(file);
    if (text === undefined) return { state: 'unknown', why: `${file} is not there` };
    return { state: 'known', where: reader.path.basename(file), config: toGatewayView(loadConfig(text, file)) };
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof GatehouseError)) throw error;
    return {
      state: 'unknown',
      why: `${reader.path.basename(file)} is not valid: ${error.message.split('\n')[0]?.slice(0, 300)}`,
    };
  }
}

/** `GATEHOUSE_CONFIG` or `--config`, through the mount that it lies in. */
function findConfigFile(project: Project, service: Service): string | undefined {
  const { environment = {}, command, entrypoint } = service;
  const words = [...(entrypoint ?? []), ...(command ?? [])];
  const at = words.findIndex((word) => /^--config(=|$)/.test(word));
  const flag = at < 0 ? undefined : (words[at]?.split('=')[1] ?? words[at + 1]);
  const target = flag ?? environment.GATEHOUSE_CONFIG;
  if (!target) return undefined;
  for (const { source, target: mounted } of findMounted(project, service)) {
    const below = posix.relative(mounted, target);
    if (below === '') return source;
    if (!below.startsWith('..') && !posix.isAbsolute(below)) return join(source, below.split(posix.sep).join(sep));
  }
  return undefined;
}

/** For evidence: as an operator would write it. */
export function toShownFiles(files: readonly string[], folder: string): string {
  return files.map((file) => relative(folder, file) || file).join(', ');
}
