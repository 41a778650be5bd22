// `gatehouse restart`: restarts what runs, one replica at a time.
import type { Command } from 'commander';
import { changeStack } from './changeStack.ts';
import { addChangeOptions, type ChangeOptions, modeOption } from './stackOptions.ts';

export function registerRestart(program: Command): void {
  addChangeOptions(
    program
      .command('restart')
      .description('restart services, dependencies first; of a scaled service one replica after the other')
      .argument('[service...]', 'which services (default: all)')
      .addOption(modeOption()),
  )
    .addHelpText(
      'after',
      `
Containers are restarted as they are; \`up\` is what brings a change of the files about.

Examples:
  gatehouse restart search                  each replica after the one before is well
  gatehouse restart --plan                  in which order, and for how long nothing would answer`,
    )
    .action((services: string[], options: ChangeOptions) => changeStack({ verb: 'restart', services }, options));
}
