// `gatehouse posture`: is production closed? Each rule of the security model with its evidence.
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import {
  GatehouseError,
  type Posture,
  type PostureEvidence,
  type PostureRule,
  postureSchema,
  type Severity,
} from '../../contract/index.ts';
import { PLATFORM_FOLDER } from '../programs.ts';
import { CommandError, EXIT, exitCodeOf } from './exitCodes.ts';
import type { Api } from './hostConnection.ts';
import { addStackOptions, modeOption, type StackOptions } from './stackOptions.ts';
import { inStack } from './stackSession.ts';
import { type Cell, coloured, print, printJson, printSchema, remark, toPlainText } from './terminal.ts';

interface PostureOptions extends StackOptions {
  readonly files?: true;
  readonly as?: 'dev' | 'prod';
  readonly all?: true;
  readonly schema?: true;
  readonly probeLimits?: true;
  readonly confirm?: string;
  readonly unlock?: string;
}

const GRAVE: readonly Severity[] = ['critical', 'high'];

export function registerPosture(program: Command): void {
  addStackOptions(
    program
      .command('posture')
      .description('is production closed? each rule of the security model, with evidence, remedy and source')
      .addOption(modeOption())
      .addOption(new Option('--as <mode>', 'judge what runs as this, whatever it is').choices(['dev', 'prod']))
      .option('--files', 'judge the files alone, and ask no engine')
      .option('--schema', 'print the JSON Schema of --json, and ask nobody')
      .option('--all', 'print what holds and what is not asked as well')
      .option('--probe-limits', 'first send the edge a bounded burst, to see whether its limits are enforced')
      .option('--confirm <project>', "with --probe-limits: the project's name, where the environment asks for it")
      .option(
        '--unlock <reason>',
        'with --probe-limits: lift the guard of the environment; the reason is written down',
      ),
  )
    .addHelpText(
      'after',
      `
What runs is judged when it runs in that mode, else the files of the mode (prod unless said); what only a running stack
shows is then unknown, and never passed. What is accepted stands with its reason and its last day in gatehouse.waivers.yaml
in the folder of the stack.

Exits with 1 when a rule of severity critical or high fails.

Examples:
  gatehouse posture --mode prod --json
  gatehouse posture --stack ./shop --mode prod --files || exit 1`,
    )
    .action(runPosture);
}

async function runPosture({ schema, ...options }: PostureOptions): Promise<void> {
  if (schema) {
    printSchema(postureSchema);
    return;
  }
  const posture = options.files ? await judgeFiles(options) : await judge(options);
  if (posture.basis === 'files' && !options.files) {
    remark('gatehouse: nothing of it runs in that mode on an engine that answers; the files alone were judged');
  }
  if (options.json) printJson(posture);
  else print(formatPosture(posture, options.all === true));
  if (isFailing(posture)) process.exitCode = EXIT.fault;
}

export function isFailing({ rules }: Posture): boolean {
  return rules.some(({ severity, status }) => status === 'fail' && GRAVE.includes(severity));
}

/** What runs, where an engine can be asked. */
async function judge(options: PostureOptions): Promise<Posture> {
  let posture: Posture | undefined;
  try {
    await inStack(options, async ({ api, files }) => {
      const { environment } = files;
      if (options.probeLimits) await tryLimits(api, environment, options);
      posture = await api.posture.check.query({ ...files, ...(options.as ? { as: options.as } : {}) });
    });
  } catch (error) {
    if (!(error instanceof CommandError) || error.exitCode !== EXIT.unreachable || options.probeLimits) throw error;
    remark(`gatehouse: ${toPlainText(error.message.split('\n')[0] ?? '')}`);
  }
  return posture ?? judgeFiles(options);
}

/** An unlock is of the shortest time there is: it is for this one operation. */
async function tryLimits(api: Api, environment: string, { confirm, unlock }: PostureOptions): Promise<void> {
  if (unlock !== undefined) await api.environment.unlock.mutate({ environment, reason: unlock, minutes: 1 });
  await api.posture.probeLimits.mutate({ environment, ...(confirm === undefined ? {} : { confirm }) });
}

async function judgeFiles({ stack = PLATFORM_FOLDER, mode = 'prod' }: PostureOptions): Promise<Posture> {
  const { judgeFiles: judgeThem } = await import('../../services/posture/judgeFiles.ts');
  try {
    return await judgeThem({ folder: resolve(stack), mode, environment: process.env, now: Date.now });
  } catch (error) {
    if (!(error instanceof GatehouseError)) throw error;
    throw new CommandError(exitCodeOf(error.code), `${error.message}\n${error.remedy}`, { cause: error });
  }
}

const MARKS: Readonly<Record<PostureRule['status'], Cell>> = {
  fail: { text: '■ fails', style: 'red' },
  unknown: { text: '◌ not known', style: 'gray' },
  waived: { text: '□ waived', style: 'yellow' },
  pass: { text: '● holds', style: 'green' },
  notApplicable: { text: '– not asked', style: 'gray' },
};

/** Pure. What fails with its evidence, remedy and source; then what is not known; with `isWhole` all the rest. */
export function formatPosture(posture: Posture, isWhole: boolean): string {
  const { verdict, rules, waivers, reach } = posture;
  const shown = rules.filter(({ status }) => isWhole || ['fail', 'unknown', 'waived'].includes(status));
  return [
    toPlainText(verdict.headline),
    toPlainText(verdict.detail),
    ...shown.flatMap(formatRule),
    '',
    toReachLine(reach),
    ...(waivers.problem ? [toPlainText(`waivers: ${waivers.problem} None of them counts.`)] : []),
    ...waivers.notes.map((note) => toPlainText(`waivers: ${note}`)),
  ].join('\n');
}

function toReachLine({ possible, declared, observed, findings }: Posture['reach']): string {
  const bypassing = new Set(findings.filter(({ kind }) => kind === 'bypass').map(({ from }) => from)).size;
  const seen = observed === null ? 'none was watched' : `on ${observed} of them requests were seen`;
  return `reach: ${possible} ways are open, ${declared} of them with a reason, ${seen}; ${bypassing} services can call past the gateway or a pool`;
}

function formatRule({ id, severity, status, title, evidence, remedy, source }: PostureRule): string[] {
  const { text, style } = MARKS[status];
  const head = `${style ? coloured(style, text) : text}  ${severity}  ${id}: ${title}`;
  const seen = evidence
    .filter((one) => one.status !== 'pass' || status === 'pass')
    .map((one) => `    ${formatEvidence(one)}`);
  return ['', head, ...seen, ...(status === 'fail' ? [`    do: ${remedy}`, `    see: ${source}`] : [])];
}

function formatEvidence({ subjects, seen, where, waiver }: PostureEvidence): string {
  const who = subjects.length > 0 ? `${subjects.join(', ')}: ` : '';
  const why = waiver ? `; waived until ${waiver.expires}: ${waiver.reason}` : '';
  return toPlainText(`${who}${seen} (${where})${why}`);
}
