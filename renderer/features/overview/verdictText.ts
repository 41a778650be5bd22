// The verdict as Markdown and as words with a link in them. Pure.
import { type Environment, sayVerdict } from '../../../app/contract/index.ts';
import { formatMoment, formatPercent, formatRate } from '../../components/format.ts';
import { escapeMarkdown } from '../../components/markdown.ts';
import type { RouteRow } from './routeRows.ts';

/** For a ticket or a chat: the verdict, and the routes that are not well. */
export function toMarkdown(
  environment: Pick<Environment, 'id' | 'verdict'>,
  rows: readonly RouteRow[],
  at: number,
): string {
  const { verdict, id } = environment;
  const lines = [
    `**${escapeMarkdown(verdict.impact)}**`,
    '',
    escapeMarkdown(sayVerdict(verdict)),
    '',
    `${escapeMarkdown(id)}, ${formatMoment(at)}, seen by Gatehouse`,
  ];
  const troubled = rows.filter((row) => row.level === 'down' || row.level === 'degraded');
  if (troubled.length > 0) {
    lines.push('', '| route | upstream | req/s | errors % | breaker |', '|---|---|---:|---:|---|');
    for (const row of troubled) {
      const cells = [
        escapeMarkdown(row.route.paths[0] ?? row.id),
        escapeMarkdown(row.route.upstream ?? '–'),
        formatRate(row.figures?.requestsPerSecond),
        formatPercent(row.figures?.errorShare),
        row.breaker?.state ?? '–',
      ];
      lines.push(`| ${cells.join(' | ')} |`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** The text around the first mention of a name as a whole word; null when it is not mentioned. */
export function splitAtMention(text: string, name: string): [before: string, after: string] | null {
  let from = 0;
  while (name !== '') {
    const index = text.indexOf(name, from);
    if (index < 0) break;
    const before = text[index - 1] ?? ' ';
    const after = text[index + name.length] ?? ' ';
    if (!/[\w-]/.test(before) && !/[\w-]/.test(after)) return [text.slice(0, index), text.slice(index + name.length)];
    from = index + 1;
  }
  return null;
}
