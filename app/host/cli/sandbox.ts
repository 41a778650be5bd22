// `gatehouse sandbox`: the sandbox engine alone, for `docker -H unix://PATH`.
import { type Command, Option } from 'commander';
import { findPrograms } from '../programs.ts';

interface SandboxOptions {
  socket: string;
  state?: string;
  parentPid?: string;
  endWithStdin?: true;
  spansTo?: string;
}

export function registerSandbox(program: Command): void {
  program
    .command('sandbox')
    .description('run the sandbox engine in the foreground: a Docker Engine API whose containers are local processes')
    .requiredOption('--socket <path>', 'the unix socket to listen on')
    .option('--state <folder>', 'where its files are kept (default: PATH.d beside the socket)')
    .addOption(new Option('--parent-pid <pid>', 'end when this process is gone').hideHelp())
    .addOption(new Option('--end-with-stdin', 'end when stdin closes').hideHelp())
    .option('--spans-to <address>', 'who takes spans in place of Jaeger, as 127.0.0.1:4318 (default: nobody)')
    .addHelpText('after', '\nThen, in another terminal: docker -H unix://PATH ps')
    .action(runSandboxCommand);
}

async function runSandboxCommand({ socket, state, parentPid, endWithStdin, spansTo }: SandboxOptions): Promise<void> {
  const { runSandbox } = await import('../../sandbox/run.ts');
  const argv = [
    ...['--socket', socket],
    ...(state === undefined ? [] : ['--state', state]),
    ...(parentPid === undefined ? [] : ['--parent-pid', parentPid]),
    ...(endWithStdin ? ['--end-with-stdin'] : []),
    ...(spansTo === undefined ? [] : ['--spans-to', spansTo]),
  ];
  // Its servers and children are closed; what might still hold the process (an inherited pipe) must not.
  process.exit(await runSandbox(argv, findPrograms()));
}
