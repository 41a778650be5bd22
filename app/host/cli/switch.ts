// `gatehouse switch`: from one mode of a stack to the other, by one plan.
import { Argument, type Command } from 'commander';
import { changeStack } from './changeStack.ts';
import { addChangeOptions, type ChangeOptions } from './stackOptions.ts';

interface SwitchOptions extends ChangeOptions {
  readonly carryData?: true;
}

export function registerSwitch(program: Command): void {
  addChangeOptions(
    program
      .command('switch')
      .description('go from one mode of a stack to the other: one plan, which names every volume and who wrote it last')
      .addArgument(new Argument('<mode>', 'where to').choices(['dev', 'prod']))
      .option('--carry-data', 'let the other mode use volumes that this one wrote: asked for by the typed name'),
  )
    .addHelpText(
      'after',
      `
Data does not cross by accident: a volume that the other mode wrote last stands in the way, until --carry-data is said
and the project's name is typed (or given with --confirm).

Examples:
  gatehouse switch prod --plan              ports opened and closed, volumes kept, secrets missing
  gatehouse switch dev --yes`,
    )
    .action((mode: 'dev' | 'prod', { carryData, ...options }: SwitchOptions) =>
      changeStack({ verb: 'switch', ...(carryData ? { carryData } : {}) }, { ...options, mode }),
    );
}
