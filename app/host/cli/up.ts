// `gatehouse up`: brings a stack up as its files say.
import { type Command, Option } from 'commander';
import { changeStack } from './changeStack.ts';
import { addChangeOptions, type ChangeOptions, collectReplicas, modeOption } from './stackOptions.ts';

interface UpOptions extends ChangeOptions {
  /** false with --no-deps. */
  readonly deps: boolean;
  readonly removeOrphans?: true;
  readonly recreate: 'different' | 'always' | 'never';
  readonly pull?: 'always' | 'missing' | 'never';
  readonly build?: true;
  readonly scale?: Record<string, number>;
}

export function registerUp(program: Command): void {
  addChangeOptions(
    program
      .command('up')
      .description('bring a stack up as its compose files say: shows the plan, asks, carries it out')
      .argument('[service...]', 'these services and what they depend on (default: all)')
      .addOption(modeOption())
      .option('--no-deps', 'without what the services depend on')
      .option('--scale <service=n>', 'so many replicas, instead of what the files say', collectReplicas)
      .addOption(
        new Option('--recreate <when>', 'which containers are made anew')
          .choices(['different', 'always', 'never'])
          .default('different'),
      )
      .addOption(
        new Option('--pull <when>', 'instead of what each service says').choices(['always', 'missing', 'never']),
      )
      .option('--build', 'build images anew although they are there')
      .option('--remove-orphans', 'remove containers that no service of the files claims'),
  )
    .addHelpText(
      'after',
      `
What has begun is brought to an end on Ctrl-C, and the next \`up\` goes on from there.

Examples:
  gatehouse up                              asks, after it has shown what it would do
  gatehouse up --yes --json                 in a script: progress on stderr, the result on stdout
  gatehouse up api --no-deps --build        one service, from its sources
  gatehouse up --unlock 'release 7' --yes   on a real engine, whose environments begin locked

Exits with 1 when something stands in the way or failed, with 130 after Ctrl-C.`,
    )
    .action(runUp);
}

async function runUp(services: string[], options: UpOptions): Promise<void> {
  const { deps, removeOrphans, recreate, pull, build, scale } = options;
  await changeStack(
    {
      verb: 'up',
      recreate,
      withDependencies: deps,
      services,
      ...(removeOrphans ? { removeOrphans } : {}),
      ...(pull ? { pull } : {}),
      ...(build ? { build } : {}),
      ...(scale ? { scale } : {}),
    },
    options,
  );
}
