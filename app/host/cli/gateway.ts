// `gatehouse gateway`: the gateway program in the foreground, the very one that runs in the platform's container; its
// subcommands operate one that runs.
import { spawn } from 'node:child_process';
import type { Command } from 'commander';
import { findGatewayProgram } from '../programs.ts';
import { forwardSignals } from './childProgram.ts';
import { CommandError, EXIT } from './exitCodes.ts';
import { registerGatewayConfig } from './gatewayConfig.ts';
import { registerGatewayControl } from './gatewayControl.ts';

interface GatewayOptions {
  config?: string;
  check?: true;
  listen?: string;
  adminSocket?: string;
  hosts?: string;
  accessLog?: string;
}

export function registerGateway(program: Command): void {
  const gateway = program
    .command('gateway')
    .description('run the gateway in the foreground or check its configuration; operate one that runs')
    .option('--config <file>', 'the configuration, for example resources/platform/gateway.yaml')
    .option('--check', 'only check the file: exits with 1 and file:line:column when it is wrong')
    .option('--listen <host:port>', 'where to listen, instead of what the configuration says')
    .option('--admin-socket <path>', 'serve the admin API on this unix socket')
    .option('--hosts <file>', 'JSON file that maps name:port of upstreams to the address to dial')
    .option('--access-log <to>', 'a line of JSON for each request to stdout, stderr or a file')
    .action(runGateway);
  registerGatewayConfig(gateway);
  registerGatewayControl(gateway);
}

async function runGateway({ config, ...options }: GatewayOptions): Promise<void> {
  // Not required of the command: its subcommands need no file.
  if (config === undefined)
    throw new CommandError(EXIT.wrongUse, 'which configuration? write `gatehouse gateway --config FILE`');
  const given = toArguments({ ...options, config });
  const child = spawn(process.execPath, [findGatewayProgram(), ...given], { stdio: 'inherit' });
  process.exitCode = await forwardSignals(child);
}

type Arguments = GatewayOptions & { config: string };

function toArguments({ config, check, listen, adminSocket, hosts, accessLog }: Arguments): string[] {
  return [
    ...['--config', config],
    ...(check ? ['--check'] : []),
    ...(listen === undefined ? [] : ['--listen', listen]),
    ...(adminSocket === undefined ? [] : ['--admin-socket', adminSocket]),
    ...(hosts === undefined ? [] : ['--hosts', hosts]),
    ...(accessLog === undefined ? [] : ['--access-log', accessLog]),
  ];
}
