// `gatehouse code`: a new one-time code from the host that runs.
import type { Command } from 'commander';
import { CommandError, EXIT } from './exitCodes.ts';
import { hostPortOption } from './options.ts';
import { print, printJson } from './terminal.ts';

export function registerCode(program: Command): void {
  program
    .command('code')
    .description('print the address of the running console with a new one-time code (valid ten minutes)')
    .option('--json', 'print JSON')
    .addOption(hostPortOption())
    .action(runCode);
}

async function runCode(options: { json?: true; port?: number }): Promise<void> {
  const [{ getHost }, { toEntryUrl }] = await Promise.all([import('./hostConnection.ts'), import('../entryUrl.ts')]);
  const host = getHost(options.port);
  const code = await requestCode(host.url, host.token);
  const url = toEntryUrl(host.url, code);
  if (options.json) printJson({ url, code });
  else print(`Gatehouse: ${url}`);
}

async function requestCode(url: string, token: string): Promise<string> {
  let response: Response;
  try {
    response = await fetch(`${url}/session/code`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, Origin: url, 'Content-Type': 'application/json' },
      body: '{}',
      signal: AbortSignal.timeout(5000),
    });
  } catch (error) {
    const message = `the host at ${url} does not answer; start one with \`gatehouse serve\``;
    throw new CommandError(EXIT.unreachable, message, { cause: error });
  }
  const answer = (await response.json()) as { code?: unknown };
  if (response.ok && typeof answer.code === 'string') return answer.code;
  throw new CommandError(EXIT.unreachable, `the host at ${url} gave no code (HTTP ${response.status}); see its log`);
}
