// `gatehouse gateway config`: the configuration of a running gateway: shown, tried, compared, put in force, taken back.
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import {
  type ConfigDiff,
  type ConfigHistory,
  type ConfigVerdict,
  configDiffSchema,
  configHistorySchema,
  configVerdictSchema,
  type GatewayChange,
  type GatewayConfigView,
  gatewayConfigSchema,
  toConsequences,
} from '../../contract/index.ts';
import { findTerminal, obtainConsent } from './consent.ts';
import { CommandError, EXIT } from './exitCodes.ts';
import {
  addGatewayChangeOptions,
  changeGateway,
  type GatewayChangeOptions,
  type GatewaySession,
  optionsOf,
  withGateway,
} from './gatewayChange.ts';
import { addDataOptions, type DataOptions } from './options.ts';
import { formatTable, print, printJson, printSchema, remark, toPlainText } from './terminal.ts';

interface ReadOptions extends DataOptions {
  readonly schema?: true;
}

interface ApplyOptions extends GatewayChangeOptions {
  readonly yes?: true;
}

export function registerGatewayConfig(gateway: Command): void {
  const config = gateway
    .command('config')
    .description('the configuration of the running gateway, on every replica or on none; the file is never written')
    .addHelpText(
      'after',
      `
Examples:
  gatehouse gateway config show > gateway.yaml          what is in force, secrets masked
  gatehouse gateway config diff gateway.yaml            what it would change, and what that means
  gatehouse gateway config apply gateway.yaml --reason 'longer timeout for search'
  gatehouse gateway config history
  gatehouse gateway config rollback ETAG                what was in force before, once more

apply and rollback are made to what is in force when they begin: 1 where somebody was faster, and nothing has changed.`,
    );
  const read = (name: string, description: string) =>
    addDataOptions(config.command(name).description(description)).option(
      '--schema',
      'print the JSON Schema of --json, and ask nobody',
    );
  const change = (name: string, description: string) =>
    addGatewayChangeOptions(config.command(name).description(description)).option('-y, --yes', 'do not ask');
  read('show', 'the text in force, secrets masked').action((_options, command: Command) => show(optionsOf(command)));
  read('validate', 'whether every replica would take it: exits with 1 and line:column when not')
    .argument('<file>')
    .action((file: string, _options, command: Command) => validate(file, optionsOf(command)));
  read('diff', 'what it would change, and what that means for callers')
    .argument('<file>')
    .action((file: string, _options, command: Command) => diff(file, optionsOf(command)));
  read('history', 'the last 20, newest first').action((_options, command: Command) => history(optionsOf(command)));
  change('apply', 'put it in force on every replica or on none')
    .argument('<file>')
    .action((file: string, _options, command: Command) => apply(file, optionsOf(command)));
  change('rollback', 'put one of the history in force again')
    .argument('<etag>', 'as the history names it')
    .action((etag: string, _options, command: Command) => rollBack(etag, optionsOf(command)));
}

function readDocument(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(EXIT.wrongUse, `${file} cannot be read: ${reason}`, { cause: error });
  }
}

async function show(options: ReadOptions): Promise<void> {
  if (options.schema) return printSchema(gatewayConfigSchema);
  const config = await withGateway(options, ({ api, environment }) => api.gateway.config.query({ environment }));
  if (options.json) return printJson(config);
  for (const line of sayConfig(config)) remark(toPlainText(`# ${line}`));
  if (config.text === null) throw new CommandError(EXIT.fault, 'it was made by a program, and has no text');
  print(config.text.split('\n').map(toPlainText).join('\n').trimEnd());
}

/** Pure. What has to be known of it beside its text. */
export function sayConfig({ revision, etag, replicas, silent, file }: GatewayConfigView): string[] {
  const other = replicas.filter((replica) => replica.etag !== etag);
  return [
    `revision ${revision}, ETag ${etag}, on ${replicas.length - other.length} of ${replicas.length + silent} replicas`,
    ...other.map(({ gateway, revision: theirs }) => `${gateway} has another one in force: ${theirs}`),
    ...(silent > 0 ? [`${silent} do not answer: nothing can be changed until they do`] : []),
    ...(file?.isInForce === false ? [`${file.path} says something else: a restart takes what the file says`] : []),
  ];
}

async function validate(file: string, options: ReadOptions): Promise<void> {
  if (options.schema) return printSchema(configVerdictSchema);
  const document = readDocument(file);
  const verdict = await withGateway(options, ({ api, environment }) =>
    api.gateway.validateConfig.query({ environment, document }),
  );
  if (options.json) printJson(verdict);
  else if (verdict.isValid) print(toPlainText(`${file}: every replica would take it`));
  else for (const line of sayProblems(file, verdict)) print(line);
  if (!verdict.isValid) process.exitCode = EXIT.fault;
}

/** `file:line:column: where: what is wrong`, as compilers write it. */
export function sayProblems(file: string, { problems }: ConfigVerdict): string[] {
  return problems.map(({ line, column, where, message }) =>
    toPlainText(`${file}${line === null ? '' : `:${line}:${column ?? 1}`}: ${where && `${where}: `}${message}`),
  );
}

async function diff(file: string, options: ReadOptions): Promise<void> {
  if (options.schema) return printSchema(configDiffSchema);
  const document = readDocument(file);
  const found = await withGateway(options, ({ api, environment }) =>
    api.gateway.diffConfig.query({ environment, document }),
  );
  if (options.json) printJson(found);
  else print(formatDiff(found));
}

/** Pure. What differs, then what that means. */
export function formatDiff(found: ConfigDiff): string {
  if (found.isSame) return 'nothing differs but perhaps comments';
  const means = toConsequences(found).map(({ weight, text }) => `${weight === 'grave' ? '!' : '-'} ${text}`);
  return [...found.lines, '', ...means].map(toPlainText).join('\n');
}

async function history(options: ReadOptions): Promise<void> {
  if (options.schema) return printSchema(configHistorySchema);
  const entries = await withGateway(options, ({ api, environment }) => api.gateway.history.query({ environment }));
  if (options.json) printJson(entries);
  else print(formatHistory(entries));
}

/** Pure. */
export function formatHistory(entries: ConfigHistory): string {
  const rows = entries.map(({ at, etag, revision, origin, note, changes, isInForce, keptBy, replicas }) => [
    isInForce ? '●' : ' ',
    new Date(at).toISOString().slice(0, 19).replace('T', ' '),
    etag.replaceAll('"', ''),
    revision,
    `${origin}${keptBy < replicas ? `, on ${keptBy} of ${replicas}` : ''}`,
    note ?? '',
    changes.length === 0 ? '' : `${changes[0]}${changes.length > 1 ? ` and ${changes.length - 1} more` : ''}`,
  ]);
  return formatTable(['', 'SINCE (UTC)', 'ETAG', 'REVISION', 'FROM', 'WHO', 'CHANGED'], rows);
}

async function apply(file: string, options: ApplyOptions): Promise<void> {
  const document = options.schema ? '' : readDocument(file);
  await changeGateway(options, async (session) => {
    const { api, environment } = session;
    const config = await api.gateway.config.query({ environment });
    const found = await api.gateway.diffConfig.query({ environment, document });
    remark(formatDiff(found));
    await consent(session, options);
    return api.gateway.applyConfig.mutate({ ...toInput(session, options, config), document });
  });
}

async function rollBack(given: string, options: ApplyOptions): Promise<void> {
  const etag = `"${given.replaceAll('"', '')}"`;
  await changeGateway(options, async (session): Promise<GatewayChange> => {
    const { api, environment } = session;
    const config = await api.gateway.config.query({ environment });
    const kept = await api.gateway.keptConfig.query({ environment, etag });
    remark(formatDiff(kept.diff));
    await consent(session, options);
    return api.gateway.rollback.mutate({ ...toInput(session, options, config), etag });
  });
}

function toInput({ guarded }: GatewaySession, { reason = '' }: ApplyOptions, { replicas }: GatewayConfigView) {
  return { ...guarded, basedOn: [...new Set(replicas.map(({ etag }) => etag))], reason };
}

async function consent({ environment }: GatewaySession, { yes, confirm }: ApplyOptions): Promise<void> {
  if (yes || confirm !== undefined) return;
  const project = environment.slice(environment.indexOf('~') + 1);
  await obtainConsent([{ kind: 'carryOut' }], project, findTerminal());
}
