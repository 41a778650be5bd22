// `gatehouse gateway`: the gateway program in the foreground, the very one that runs in the platform's container.
import { spawn } from 'node:child_process';
import type { Command } from 'commander';
import { findGatewayProgram } from '../programs.ts';
import { forwardSignals } from './childProgram.ts';

interface GatewayOptions {
  config: string;
  check?: true;
  listen?: string;
  adminSocket?: string;
  hosts?: string;
  accessLog?: string;
}

export function registerGateway(program: Command): void {
  program
    .command('gateway')
    .description('run the gateway in the foreground, or check its configuration')
    .requiredOption('--config <file>', 'the configuration, for example resources/platform/gateway.yaml')
    .option('--check', 'only check the file: exits with 1 and file:line:column when it is wrong')
    .option('--listen <host:port>', 'where to listen, instead of what the configuration says')
    .option('--admin-socket <path>', 'serve the admin API on this unix socket')
    .option('--hosts <file>', 'JSON file that maps name:port of upstreams to the address to dial')
    .option('--access-log <to>', 'a line of JSON for each request to stdout, stderr or a file')
    .action(runGateway);
}

async function runGateway(options: GatewayOptions): Promise<void> {
  const child = spawn(process.execPath, [findGatewayProgram(), ...toArguments(options)], { stdio: 'inherit' });
  process.exitCode = await forwardSignals(child);
}

function toArguments({ config, check, listen, adminSocket, hosts, accessLog }: GatewayOptions): string[] {
  return [
    ...['--config', config],
    ...(check ? ['--check'] : []),
    ...(listen === undefined ? [] : ['--listen', listen]),
    ...(adminSocket === undefined ? [] : ['--admin-socket', adminSocket]),
    ...(hosts === undefined ? [] : ['--hosts', hosts]),
    ...(accessLog === undefined ? [] : ['--access-log', accessLog]),
  ];
}
