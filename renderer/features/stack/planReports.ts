// A plan and how it is carried out, as others may read them. Pure.
import type { Plan, PlanNote, StackConfig, StackRun } from '../../../app/contract/index.ts';
import { formatMoment, formatQuantity } from '../../components/format.ts';
import type { Report, ReportPart } from '../../components/report.ts';
import { sayPlan, sortByDowntime, toDiffGroups, toDowntimeText, toPortText, toWriterText } from './planView.ts';
import { toVerbWord } from './planWish.ts';
import { sayResult, sayRun, toOutcomeWords, toRunView } from './runView.ts';

/** `command`: what makes the same plan, or as near as the command line comes. */
export function toPlanReport(plan: Plan, command: string | null): Report {
  const { ports, volumes, downtime, blockers, warnings } = plan;
  const touched = volumes.filter(({ fate }) => fate !== 'kept');
  return {
    verdict: `Plan for ${plan.project}, ${toVerbWord(plan.verb).toLowerCase()}: ${sayPlan(plan)}`,
    evidence: [
      `Made from what was observed at ${formatMoment(plan.at)}; nothing is done by it`,
      ...toNoteTable('stands in the way', blockers),
      ...toNoteTable('warning', warnings),
      {
        headers: ['', 'what', 'name', 'why', 'differs', 'after'],
        rows: toDiffGroups(plan).flatMap(({ resource, rows }) =>
          rows.map(({ step, sign, words, after }) => [
            sign,
            resource,
            step.name,
            words,
            // Values of fields may be secrets of somebody: their names are enough to look them up.
            step.changes.map(({ field }) => field).join(', '),
            after.join(', '),
          ]),
        ),
      },
      ...toPortLine('Opens', ports.opened),
      ...toPortLine('Closes', ports.closed),
      {
        headers: ['volume', 'fate', 'data'],
        rows: touched.map((volume) => [volume.name, volume.fate, toWriterText(volume)]),
      },
      {
        headers: ['service', 'does not answer for'],
        rows: sortByDowntime(downtime).map((one) => [one.service, toDowntimeText(one)]),
      },
    ],
    command: command ?? 'gatehouse plan',
  };
}

function toPortLine(verb: string, ports: Plan['ports']['opened']): ReportPart[] {
  return ports.length === 0 ? [] : [`${verb} ${ports.map(toPortText).join(', ')}`];
}

function toNoteTable(kind: string, notes: readonly PlanNote[]): ReportPart[] {
  return [
    {
      headers: [kind, 'message', 'remedy'],
      rows: notes.map(({ subject, message, remedy }) => [subject, message, remedy]),
    },
  ];
}

export function toRunReport(run: StackRun): Report {
  const view = toRunView(run);
  const { result } = run;
  return {
    verdict: `${sayRun(run)}: ${toOutcomeWords(view.state)}, ${
      result ? sayResult(run) : `${view.done} of ${formatQuantity(view.total, 'step')} done`
    }`,
    evidence: [
      `Begun ${formatMoment(run.startedAt)}${result ? `, ended ${formatMoment(result.endedAt)}` : ''}`,
      ...toNoteTable('problem', result?.problems ?? []),
      ...toNoteTable('remark', result?.remarks ?? []),
      {
        headers: ['state', 'what', 'name', ''],
        rows: view.items.map(({ state, resource, name, words }) => [state, resource, name, words]),
      },
    ],
    command: 'gatehouse ps',
  };
}

/** Which files make the project, and what to know of them; their text is copied on its own. */
export function toConfigReport({ project, mode, files, warnings, isCut }: StackConfig, command: string): Report {
  return {
    verdict: `${project} in ${mode} is made of ${formatQuantity(files.length, 'file')}, ${
      warnings.length === 0 ? 'nothing to warn of' : formatQuantity(warnings.length, 'warning')
    }`,
    evidence: [
      { headers: ['merged in this order'], rows: files.map((file) => [file]) },
      { headers: ['place', 'warning'], rows: warnings.map(({ place, message }) => [place, message]) },
      ...(isCut ? ['Only the first 1 MiB was read'] : []),
    ],
    command,
  };
}
