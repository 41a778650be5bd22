// `gatehouse scale`: changes the number of replicas, and nothing else.
import { Argument, type Command } from 'commander';
import { changeStack } from './changeStack.ts';
import { addChangeOptions, type ChangeOptions, collectReplicas, modeOption } from './stackOptions.ts';

export function registerScale(program: Command): void {
  addChangeOptions(
    program
      .command('scale')
      .description('change the number of replicas of services, and nothing else')
      .addArgument(
        new Argument('<service=n...>', 'for example search=3').argParser<Record<string, number>>(collectReplicas),
      )
      .addOption(modeOption()),
  )
    .addHelpText(
      'after',
      `
A service with a fixed host port or a container_name cannot have several replicas; the plan says so.

Examples:
  gatehouse scale search=3
  gatehouse scale search=1 recommender=0 --yes`,
    )
    .action((scale: Record<string, number>, options: ChangeOptions) => changeStack({ verb: 'scale', scale }, options));
}
