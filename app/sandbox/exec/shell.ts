// The shell of a container of the sandbox: a few words, a line at a time, and nothing that it does not understand whole.

/**
 * Runs as a program of its own, from its text: it must name nothing from outside. `args` are `-c LINE`, or nothing for
 * what is typed; where a terminal was asked for it echoes, since there is none that would.
 */
export function runSandboxShell(args: readonly string[], isTerminal: boolean): void {
  const { env, stdin, stdout, stderr } = process;
  const name = 'sandbox shell';
  const prompt = 'sandbox$ ';
  let lastCode = 0;

  const words: Record<string, (rest: readonly string[]) => number | Promise<number>> = {
    true: () => 0,
    false: () => 1,
    echo: (rest) => {
      stdout.write(rest[0] === '-n' ? rest.slice(1).join(' ') : `${rest.join(' ')}\n`);
      return 0;
    },
    env: () => {
      for (const [key, value] of Object.entries(env)) stdout.write(`${key}=${value}\n`);
      return 0;
    },
    hostname: () => {
      stdout.write(`${env.HOSTNAME ?? ''}\n`);
      return 0;
    },
    stty: (rest) => {
      if (rest[0] !== 'size') return fail('stty: size is all that is known of a terminal here', 1);
      stdout.write(`${stdout.rows ?? 0} ${stdout.columns ?? 0}\n`);
      return 0;
    },
    sleep: async ([seconds]) => {
      await new Promise((resolve) => setTimeout(resolve, Math.min(3600, Number(seconds) || 0) * 1000));
      return 0;
    },
    help: () => {
      stdout.write(`${Object.keys(words).toSorted().join(' ')} exit\n`);
      return 0;
    },
  };
  function fail(reason: string, code: number): number {
    stderr.write(`${name}: ${reason}\n`);
    return code;
  }
  /** A line that asks for more than words (a pipe, a variable, a redirection) is refused, not half done. */
  async function run(line: string): Promise<number> {
    const parts: string[] = [];
    const rest = line.trim().replace(/'([^']*)'|"([^"$`\\]*)"|([\w@%+=:,./-]+)|\s+/g, (_all, single, double, bare) => {
      const part: string | undefined = single ?? double ?? bare;
      if (part !== undefined) parts.push(part);
      return '';
    });
    if (rest !== '') return fail(`${JSON.stringify(rest.slice(0, 20))} is not understood; type help`, 2);
    const [word, ...given] = parts;
    if (word === undefined) return lastCode;
    if (word === 'exit') process.exit(Number(given[0] ?? lastCode) & 255);
    const known = Object.hasOwn(words, word) ? words[word] : undefined;
    return known
      ? known(given)
      : fail(`${word}: not found; containers of the sandbox have no file system of their own`, 127);
  }

  if (args[0] === '-c') {
    void run(args[1] ?? '').then((code) => {
      process.exitCode = code;
    });
    return;
  }
  const show = (text: string) => void (isTerminal && stdout.write(text));
  let line = '';
  let running = Promise.resolve();
  const enter = () => {
    const entered = line;
    line = '';
    running = running.then(async () => {
      lastCode = await run(entered);
      show(prompt);
    });
  };
  show(`${name}: ${Object.keys(words).length} words; type help\n${prompt}`);
  process.on('SIGINT', () => {
    line = '';
    show(`^C\n${prompt}`);
  });
  stdin.setEncoding('utf8').on('data', (text: string) => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the keys of a terminal are control characters.
    for (const key of text.match(/\u001b\[[0-9;]*[A-Za-z~]|./gsu) ?? []) {
      if (key === '\n') {
        show('\n');
        enter();
      } else if (key === '\u007f') {
        if (line !== '') show('\b \b');
        line = line.slice(0, -1);
      } else if (key >= ' ' && line.length < 4096) {
        line += key;
        show(key);
      }
    }
  });
  // Of a terminal it is the hang-up; of a pipe, what was read is still done.
  stdin.on('end', () => void (isTerminal ? process.exit(lastCode) : running.then(() => process.exit(lastCode))));
}
