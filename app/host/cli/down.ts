// `gatehouse down`: takes a stack down, dependents first.
import type { Command } from 'commander';
import { changeStack } from './changeStack.ts';
import { addChangeOptions, type ChangeOptions, modeOption } from './stackOptions.ts';

interface DownOptions extends ChangeOptions {
  readonly volumes?: true;
  readonly removeOrphans?: true;
}

export function registerDown(program: Command): void {
  addChangeOptions(
    program
      .command('down')
      .description('remove the containers and networks of a stack; volumes stay unless asked for twice')
      .argument('[service...]', 'the containers of these services alone')
      .addOption(modeOption())
      .option('--volumes', 'remove its volumes too, with all data: asked for twice')
      .option('--remove-orphans', 'also containers that no service of the files claims'),
  )
    .addHelpText(
      'after',
      `
--volumes wants a second yes: the project's name on the terminal, --confirm NAME, or a second --yes.

Examples:
  gatehouse down                            asks first; volumes stay
  gatehouse down --volumes --plan           which volumes would go, how large they are, who wrote them last
  gatehouse down --volumes --yes --yes      in a script that means it

Exits with 1 when something stands in the way or failed, with 130 after Ctrl-C.`,
    )
    .action(runDown);
}

async function runDown(services: string[], options: DownOptions): Promise<void> {
  const { volumes, removeOrphans } = options;
  await changeStack(
    {
      verb: 'down',
      services,
      ...(volumes ? { removeVolumes: true } : {}),
      ...(removeOrphans ? { removeOrphans } : {}),
    },
    options,
  );
}
