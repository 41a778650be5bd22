/** One thing that is wrong with a configuration. */
export interface ConfigProblem {
  /** From 1; null when the place is not known (the document is empty). */
  readonly line: number | null;
  readonly column: number | null;
  /** Where in the document, for example `routes[2].upstream`. */
  readonly where: string;
  /** Names the thing, the value and the remedy. */
  readonly message: string;
}

/** Thrown by loadConfig; its message lists every problem as `file:line:column: where: message`, one a line. */
export class ConfigError extends Error {
  readonly fileName: string;
  readonly problems: readonly ConfigProblem[];

  constructor(fileName: string, problems: readonly ConfigProblem[]) {
    super(problems.map((problem) => toLine(fileName, problem)).join('\n'));
    this.name = 'ConfigError';
    this.fileName = fileName;
    this.problems = problems;
  }
}

function toLine(fileName: string, problem: ConfigProblem): string {
  const place = problem.line === null ? fileName : `${fileName}:${problem.line}:${problem.column ?? 1}`;
  return problem.where === '' ? `${place}: ${problem.message}` : `${place}: ${problem.where}: ${problem.message}`;
}
