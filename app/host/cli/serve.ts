// `gatehouse serve`: the host in the foreground until a signal.
import type { Command } from 'commander';
import { openBrowser } from './browser.ts';
import { CommandError, EXIT, exitCodeOf } from './exitCodes.ts';
import { addServeOptions, isReadOnly, type ServeOptions } from './options.ts';
import { countRequests, onEndSignals } from './signals.ts';
import { print, remark } from './terminal.ts';

/** Long enough to end the sandbox's processes, short enough for a person who waits at a prompt. */
const SHUTDOWN_MS = 3000;

export function registerServe(program: Command): void {
  addServeOptions(
    program.command('serve').description('serve the console on this machine and print its address'),
  ).action(runServe);
}

export async function runServe(options: ServeOptions): Promise<void> {
  const [{ HostStartError, startHost }, { createParentKeeper }, { default: pino }] = await Promise.all([
    import('../host.ts'),
    import('../parentKeeper.ts'),
    import('pino'),
  ]);
  const log = pino({ level: options.logLevel }, pino.destination({ dest: 2, sync: true }));
  const starting = startHost({
    port: options.port,
    engineChoice: options.engine,
    stackFolder: options.stack ?? null,
    readOnly: isReadOnly(options),
    keeper: options.secretsWithParent ? createParentKeeper(process) : undefined,
    log,
  });
  endOnSignals(async () => (await starting.catch(() => undefined))?.close(), options);
  try {
    const host = await starting;
    const url = host.createEntryUrl();
    print(`Gatehouse: ${url}`);
    if (options.open) openBrowser(url);
  } catch (error) {
    if (error instanceof HostStartError) {
      const exitCode = error.code === 'port-taken' ? EXIT.wrongUse : exitCodeOf(error.code);
      throw new CommandError(exitCode, error.message, { cause: error });
    }
    throw error;
  }
}

/** The first signal ends in order, the second at once. */
function endOnSignals(close: () => Promise<void>, { untilStdinEnds }: ServeOptions): void {
  const end = countRequests((count) => {
    if (count > 1) process.exit(EXIT.fault);
    setTimeout(() => {
      remark(`gatehouse: not everything ended within ${SHUTDOWN_MS / 1000} s; ending now`);
      process.exit(EXIT.fault);
    }, SHUTDOWN_MS);
    close().then(
      () => process.exit(EXIT.fine),
      (error: unknown) => {
        remark(`gatehouse: ${error instanceof Error ? error.message : 'could not end in order'}`);
        process.exit(EXIT.fault);
      },
    );
  });
  onEndSignals(end);
  if (untilStdinEnds) {
    // A window that was killed cannot send a signal, but its pipe closes.
    process.stdin.once('end', end).once('error', end).resume();
  }
}
