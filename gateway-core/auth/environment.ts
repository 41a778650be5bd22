interface VariableOptions<T> {
  readonly env: NodeJS.ProcessEnv;
  /** Throws on content that is not usable; its message must not quote the content. */
  readonly parse: (text: string) => T;
}

/** Throws, naming the variable and where the configuration asks for it, when it is not set or not usable. */
export function readVariable<T>(what: string, variable: string, { env, parse }: VariableOptions<T>): T {
  const text = env[variable];
  if (!text) throw new Error(`${what}: the environment variable ${variable} is not set`);
  try {
    return parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${what}: the environment variable ${variable} is not usable: ${reason}`);
  }
}
