import type { StackConfig } from '../../../contract/index.ts';
import { withDotenv } from '../compose/environment.ts';
import { localFileReader as reader } from '../compose/fileReader.ts';
import { maskProject } from '../compose/maskProject.ts';
import { printYaml } from '../compose/printProject.ts';
import type { LoadedStack } from './loadStack.ts';

/** A stack whose resolved files are longer is read in its files; a window that is sent more would only wait for it. */
const textLimit = 1024 * 1024;

/** As `gatehouse config` prints it, but with secrets masked: it leaves the operator's own terminal. */
export async function readStackConfig(stack: LoadedStack): Promise<StackConfig> {
  const { project, mode, folder, files, warnings, environment } = stack;
  // What .env says is in the project by now, perhaps inside of a command: its secrets are looked for too.
  const variables = await withDotenv(environment, folder, { reader, folder, sources: new Map(), warnings: [] });
  const text = printYaml(maskProject(project, variables));
  return {
    project: project.name,
    mode,
    folder,
    files: [...files],
    text: text.slice(0, textLimit),
    isCut: text.length > textLimit,
    warnings: warnings.map(({ place, message }) => ({ place, message })),
  };
}
