// What has to be said before a plan is carried out, and asking for it on a terminal.
import { createInterface } from 'node:readline';
import { findNameQuestion, type KeptPlan, type NameQuestion } from '../../contract/index.ts';
import { CommandError, EXIT } from './exitCodes.ts';
import { toPlainText } from './terminal.ts';

export interface Consent {
  /** How often --yes was said. */
  readonly yes: number;
  /** The project's name, typed. */
  readonly confirm?: string | undefined;
}

interface TypedName {
  /** The project's name has to be typed, since `why`. */
  readonly kind: 'name';
  readonly why: string;
  /** Another --yes would do as well. */
  readonly isSecondYes: boolean;
}

export type Question = { readonly kind: 'carryOut' } | TypedName;

type Asked = Pick<KeptPlan, 'plan' | 'guard'>;

/** Pure. Throws CommandError for a name that is another project's. */
export function toQuestions(asked: Asked, { yes, confirm }: Consent): Question[] {
  const { project } = asked.plan;
  if (confirm !== undefined && confirm !== project) {
    throw new CommandError(EXIT.wrongUse, `--confirm says "${confirm}", and this is "${project}"; nothing was done`);
  }
  const questions: Question[] = yes > 0 ? [] : [{ kind: 'carryOut' }];
  const question = findNameQuestion(asked);
  const named = question && toTypedName(question);
  if (!named || confirm !== undefined || (named.isSecondYes && yes > 1)) return questions;
  return [...questions, named];
}

function toTypedName({ because, volumes }: NameQuestion): TypedName {
  const names = volumes.join(', ');
  const why = {
    carried: `data is carried from one mode into the other (${names})`,
    guard: 'the environment asks for it before each change',
    lost: `${names} would be removed with all data`,
  }[because];
  return { kind: 'name', why, isSecondYes: because === 'lost' };
}

/** What the services want to hear of a plan to whose questions all was answered. */
export function toConfirmation(asked: Asked): { confirm?: string } {
  return findNameQuestion(asked) ? { confirm: asked.plan.project } : {};
}

export interface Terminal {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

/** Undefined where nobody can be asked: no terminal, or one that only reads. */
export function findTerminal(): Terminal | undefined {
  const { stdin, stderr } = process;
  // Not stdout, which may go into a file.
  return stdin.isTTY && stderr.isTTY ? { input: stdin, output: stderr } : undefined;
}

/** Throws CommandError when the answer is not yes, when it is another name, or when there is nobody to ask. */
export async function obtainConsent(
  questions: readonly Question[],
  project: string,
  terminal: Terminal | undefined,
): Promise<void> {
  if (questions.length === 0) return;
  if (!terminal) throw new CommandError(EXIT.wrongUse, sayMissing(questions, project));
  for (const question of questions) {
    if (question.kind === 'carryOut') {
      const answer = await ask('Carry it out? [y/N] ', terminal);
      if (!/^y(es)?$/i.test(answer)) throw new CommandError(EXIT.fault, 'nothing was done');
    } else {
      const text = `${toPlainText(question.why)}.\nType the project's name, ${toPlainText(project)}, to go on: `;
      if ((await ask(text, terminal)) !== project)
        throw new CommandError(EXIT.fault, 'that is not the name; nothing was done');
    }
  }
}

function sayMissing(questions: readonly Question[], project: string): string {
  const said = questions.map((question) =>
    question.kind === 'carryOut'
      ? '--yes'
      : `--confirm ${project}${question.isSecondYes ? ' (or --yes once more)' : ''}, since ${question.why}`,
  );
  return `nothing was done: there is no terminal to ask on; say ${said.join(' and ')}`;
}

/** The empty text for an end of the input. */
function ask(text: string, { input, output }: Terminal): Promise<string> {
  const lines = createInterface({ input, output, terminal: false });
  return new Promise((resolve) => {
    lines.once('line', (line) => {
      resolve(line.trim());
      lines.close();
    });
    lines.once('close', () => resolve(''));
    output.write(text);
  });
}
