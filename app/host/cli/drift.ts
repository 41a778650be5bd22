// `gatehouse drift`: in which way what runs differs from the compose files.
import type { Command } from 'commander';
import type { Drift, FieldChange } from '../../contract/index.ts';
import { EXIT } from './exitCodes.ts';
import { addStackOptions, modeOption, type StackOptions } from './stackOptions.ts';
import { requireServices } from './stackServices.ts';
import { inStack } from './stackSession.ts';
import { print, printJson, toPlainText } from './terminal.ts';

export function registerDrift(program: Command): void {
  addStackOptions(
    program
      .command('drift')
      .description('in which way what runs differs from the files: field by field, and by the content of mounted files')
      .argument('[service...]', 'these alone')
      .addOption(modeOption()),
  )
    .addHelpText(
      'after',
      `
Exits with 0 when nothing differs, with 1 when something does. Mounted files that could not be compared are listed with
the reason, and are no difference.

Examples:
  gatehouse drift
  gatehouse drift api --json
  gatehouse drift --mode prod || gatehouse plan --mode prod`,
    )
    .action(runDrift);
}

async function runDrift(services: string[], options: StackOptions): Promise<void> {
  const { renderChange } = await import('../../services/stack/plan/renderPlan.ts');
  await inStack(options, async ({ api, files }) => {
    // What does not differ is not in the answer: whether a name is right, the status knows.
    if (services.length > 0) {
      requireServices((await api.stack.status.query(files)).services, services);
    }
    const all = await api.stack.drift.query(files);
    const isMeant = ({ service }: { service: string }) => services.length === 0 || services.includes(service);
    const drift = { ...all, services: all.services.filter(isMeant), unknown: all.unknown.filter(isMeant) };
    if (options.json) printJson(drift);
    else print(formatDrift(drift, renderChange));
    if (drift.services.length > 0) process.exitCode = EXIT.fault;
  });
}

const SIGNS: Readonly<Record<Drift['services'][number]['kind'], string>> = {
  fields: '~',
  file: '~',
  missing: '+',
  stopped: '>',
  orphan: '-',
};

/** Pure. The signs are those of a plan: what `up` would do about it. */
export function formatDrift(
  { project, services, unknown }: Drift,
  renderChange: (change: FieldChange) => string,
): string {
  const differing = services.flatMap(({ service, container, kind, changes, path, detail }) => [
    `${SIGNS[kind]} ${service} (${container}): ${kind === 'file' && path !== null ? `${path}: ` : ''}${detail}`,
    ...changes.map(renderChange),
  ]);
  const doubted = unknown.map(({ service, path, reason }) => `? ${service}: ${path}: not compared: ${reason}`);
  const count = services.length === 1 ? '1 difference' : `${services.length} differences`;
  const head = services.length === 0 ? 'nothing differs from the files' : `${count} from the files`;
  const files = unknown.length === 1 ? '1 mounted file' : `${unknown.length} mounted files`;
  const tail = unknown.length === 0 ? '' : `, ${files} not compared`;
  return [`${project}: ${head}${tail}`, ...differing, ...doubted].map(toPlainText).join('\n');
}
