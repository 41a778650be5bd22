// What an exit code means, in words. Pure.

const signals: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  15: 'SIGTERM',
};

/** `exit 137: killed (SIGKILL), out of memory` */
export function toExitReason(exitCode: number, outOfMemory: boolean): string {
  const cause = outOfMemory ? 'killed by the kernel, out of memory' : toCause(exitCode);
  return cause ? `exit ${exitCode}: ${cause}` : `exit ${exitCode}`;
}

/** 125 to 127 are the engine's and the shell's; from 128 on, the number of a signal is added. */
function toCause(exitCode: number): string {
  if (exitCode === 125) return 'the engine could not start it';
  if (exitCode === 126) return 'the command cannot be executed';
  if (exitCode === 127) return 'the command was not found';
  const signal = signals[exitCode - 128];
  if (signal === undefined) return '';
  if (exitCode === 137) return `killed (${signal})`;
  return exitCode === 143 || exitCode === 130 ? `asked to end (${signal})` : `crashed (${signal})`;
}
