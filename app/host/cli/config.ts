// `gatehouse config`: the compose files of a stack as one project, read as docker compose reads them.
import { type Command, Option } from 'commander';
import { GatehouseError } from '../../contract/index.ts';
import { PLATFORM_FOLDER } from '../programs.ts';
import { CommandError, exitCodeOf } from './exitCodes.ts';
import { print, printJson, remark, toPlainText } from './terminal.ts';

interface ConfigOptions {
  readonly mode: 'dev' | 'prod';
  readonly stack?: string;
  readonly json?: true;
}

export function registerConfig(program: Command): void {
  program
    .command('config')
    .description('the compose files of a stack as one project: merged, variables replaced, short forms made long')
    .addOption(new Option('--mode <mode>', 'which files').choices(['dev', 'prod']).default('dev'))
    .option('--stack <folder>', 'the folder with the compose files (default: the platform that Gatehouse ships)')
    .option('--json', 'print JSON instead of YAML')
    .addHelpText('after', '\nExits with 1 and file:line:column when the files are wrong.')
    .action(runConfig);
}

async function runConfig(options: ConfigOptions): Promise<void> {
  const { project, warnings } = await load(options).catch((error: unknown) => {
    if (!(error instanceof GatehouseError)) throw error;
    throw new CommandError(exitCodeOf(error.code), `${error.message}\n${error.remedy}`, { cause: error });
  });
  const { printYaml, withDoubledDollars } = await import('../../services/stack/compose/printProject.ts');
  for (const { place, message } of warnings) remark(toPlainText(`gatehouse: ${place}: ${message}`));
  if (options.json) printJson(withDoubledDollars(project));
  else print(printYaml(project).trimEnd());
}

async function load({ mode, stack = PLATFORM_FOLDER }: ConfigOptions) {
  const { localFileReader: reader } = await import('../../services/stack/compose/fileReader.ts');
  const { loadProject } = await import('../../services/stack/compose/loadProject.ts');
  const { requireModeFiles } = await import('../../services/stack/compose/modeFiles.ts');
  const environment = process.env;
  const { files, profiles } = await requireModeFiles(stack, mode, { reader, environment });
  return await loadProject({ folder: stack, files, profiles, environment, reader });
}
