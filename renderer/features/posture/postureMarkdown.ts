// The posture as Markdown, for a ticket or an audit. Pure.
import type { Posture, PostureEvidence, PostureRule } from '../../../app/contract/index.ts';
import { formatMoment } from '../../components/format.ts';
import { escapeMarkdown } from '../../components/markdown.ts';
import { statusWords, toGroups } from './postureFilter.ts';

export function toMarkdown(posture: Posture): string {
  const { verdict, project, from, at, mode, basis, rules, reach, waivers } = posture;
  const shown = toGroups(rules).filter(({ status }) => status !== 'notApplicable');
  const what = basis === 'engine' ? 'what runs on' : 'the files';
  return [
    `# ${escapeMarkdown(verdict.headline)}`,
    '',
    escapeMarkdown(verdict.detail),
    '',
    `${escapeMarkdown(project)} as ${mode === 'prod' ? 'production' : 'development'}: ${what} ${escapeMarkdown(from)}, ${formatMoment(at)}, seen by Gatehouse`,
    ...shown.flatMap(({ status, title, rules: group }) =>
      // What holds needs no evidence to be believed, only to be counted.
      status === 'pass'
        ? ['', `## ${title}`, '', ...group.map(({ id, title: rule }) => `- \`${id}\` ${escapeMarkdown(rule)}`)]
        : ['', `## ${title}`, ...group.flatMap(toRule)],
    ),
    '',
    '## Reach',
    '',
    `${reach.possible} ways are open, ${reach.declared} of them with a reason${reach.observed === null ? '' : `, ${reach.observed} with requests seen`}.`,
    '',
    ...reach.findings.map(
      ({ kind, from: who, to, count, network }) =>
        `- ${kind}: ${escapeMarkdown(who)} → ${escapeMarkdown(to.join(', '))}${count > to.length ? ` and ${count - to.length} more` : ''} (${escapeMarkdown(network)})`,
    ),
    ...[...(waivers.problem ? [waivers.problem] : []), ...waivers.notes].map((note) => `- ${escapeMarkdown(note)}`),
    '',
  ].join('\n');
}

function toRule({ id, severity, status, title, evidence, remedy, source }: PostureRule): string[] {
  return [
    '',
    `### ${severity}: ${escapeMarkdown(title)}`,
    '',
    `\`${id}\` ${statusWords[status]}`,
    '',
    ...evidence.filter((one) => one.status !== 'pass').map(toEvidence),
    ...(status === 'fail' ? [`- do: ${escapeMarkdown(remedy)}`] : []),
    `- source: ${escapeMarkdown(source)}`,
  ];
}

function toEvidence({ subjects, seen, where, waiver }: PostureEvidence): string {
  const who = subjects.length > 0 ? `**${escapeMarkdown(subjects.join(', '))}**: ` : '';
  const why = waiver ? `; waived until ${waiver.expires}: ${escapeMarkdown(waiver.reason)}` : '';
  return `- ${who}${escapeMarkdown(seen)} (${escapeMarkdown(where)})${why}`;
}
