// `gatehouse sandbox`: the sandbox engine alone, for `docker -H unix://PATH`.
import type { Command } from 'commander';

interface SandboxOptions {
  socket: string;
  state?: string;
}

export function registerSandbox(program: Command): void {
  program
    .command('sandbox')
    .description('run the sandbox engine in the foreground: a Docker Engine API whose containers are local processes')
    .requiredOption('--socket <path>', 'the unix socket to listen on')
    .option('--state <folder>', 'where logs and state are kept (default: a temporary folder)')
    .addHelpText('after', '\nThen, in another terminal: docker -H unix://PATH ps')
    .action(runSandboxCommand);
}

async function runSandboxCommand(_options: SandboxOptions): Promise<void> {}
