// `gatehouse exec SERVICE [-- COMMAND]`: a terminal in a container, under the guard and the audit of the environment.
import type { Command } from 'commander';
import type { TerminalEvent } from '../../contract/index.ts';
import { CommandError, EXIT, type ExitCode } from './exitCodes.ts';
import type { Api } from './hostConnection.ts';
import { addStackOptions, type StackOptions } from './stackOptions.ts';
import { inStack, type StackSession } from './stackSession.ts';
import { remark, toPlainText } from './terminal.ts';
import { unlockWhereLocked } from './unlock.ts';

interface ExecOptions extends Omit<StackOptions, 'json'> {
  readonly container?: string;
  readonly confirm?: string;
  readonly unlock?: string;
}

export function registerExec(program: Command): void {
  const command = program
    .command('exec')
    .description('a shell, or a command, in a container of a service; ends with its exit code')
    .argument('<service>', 'in its first container that runs')
    .argument('[command...]', 'behind `--`; a shell where none is named')
    .option('--container <name>', 'which of its containers')
    .option('--confirm <project>', "the project's name, where the environment asks for it")
    .option('--unlock <reason>', 'lift the guard of the environment for the opening; the reason is written down');
  addStackOptions(command)
    .addHelpText(
      'after',
      `
That it was opened is in the audit log, with the reason; what is typed and shown is not.

Examples:
  gatehouse exec redis
  gatehouse exec postgres -- psql -U shop
  gatehouse exec backend -- env > environment.txt`,
    )
    .action(runExec);
}

async function runExec(service: string, command: string[], options: ExecOptions): Promise<void> {
  await inStack(options, async (session) => {
    await unlockWhereLocked(session, options.unlock);
    process.exitCode = (await runIn(session, service, { command, options })) as ExitCode;
  });
}

/** With a terminal where there is one on both sides; else pipes, errors apart. */
function runIn(
  { api, files: { environment } }: StackSession,
  service: string,
  { command, options }: { command: readonly string[]; options: ExecOptions },
): Promise<number> {
  const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  let stop = () => {};
  const onData = (event: TerminalEvent) => {
    if (event.kind === 'opened') stop = passInput(api, event.id, isTerminal);
    else if (event.kind === 'output') show(api, opened, event);
    else {
      if (event.exitCode === null) remark(toPlainText(`gatehouse: ${event.reason}`));
      resolve(event.exitCode ?? EXIT.fault);
    }
    if (event.kind === 'opened') opened = event.id;
  };
  let opened = '';
  const subscription = api.terminal.open.subscribe(
    {
      environment,
      service,
      size: isTerminal ? sizeOfTerminal() : null,
      ...(command.length > 0 ? { command: [...command] } : {}),
      ...(options.container === undefined ? {} : { container: options.container }),
      ...(options.confirm === undefined ? {} : { confirm: options.confirm }),
    },
    {
      onData,
      onError: reject,
      onComplete: () => reject(new CommandError(EXIT.unreachable, 'the host has closed the terminal')),
    },
  );
  return promise.finally(() => {
    stop();
    subscription.unsubscribe();
  });
}

function sizeOfTerminal() {
  return { columns: process.stdout.columns || 80, rows: process.stdout.rows || 24 };
}

/** What comes out of a container goes to this terminal as it is: that is what was asked for. */
function show(api: Api, id: string, { channel, bytes }: Extract<TerminalEvent, { kind: 'output' }>): void {
  const chunk = Buffer.from(bytes, 'base64');
  const acknowledge = () => void api.terminal.acknowledge.mutate({ id, bytes: chunk.length }).catch(() => {});
  process[channel].write(chunk, acknowledge);
}

/** Gives back what ends it. Keys go one after the other: a later message must not overtake an earlier one. */
function passInput(api: Api, id: string, isTerminal: boolean): () => void {
  const { stdin } = process;
  let sent = Promise.resolve();
  const send = (bytes: Buffer, isEnd: boolean) => {
    sent = sent.then(() => api.terminal.write.mutate({ id, bytes: bytes.toString('base64'), isEnd })).catch(() => {});
    return sent;
  };
  const onData = (chunk: Buffer) => {
    stdin.pause();
    void send(chunk, false).then(() => stdin.resume());
  };
  const onEnd = () => void send(Buffer.alloc(0), true);
  const onResize = () => void api.terminal.resize.mutate({ id, size: sizeOfTerminal() }).catch(() => {});
  if (isTerminal) {
    stdin.setRawMode(true);
    process.stdout.on('resize', onResize);
  }
  stdin.on('data', onData).on('end', onEnd);
  return () => {
    stdin.off('data', onData).off('end', onEnd).pause();
    process.stdout.off('resize', onResize);
    if (isTerminal) stdin.setRawMode(false);
    // A file as stdin has no unref.
    stdin.unref?.();
  };
}
