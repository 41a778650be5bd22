// Log lines as Markdown, for a ticket. Pure.
import type { LogLine } from '../../../app/contract/index.ts';
import { formatMoment } from '../../components/format.ts';
import { escapeMarkdown } from '../../components/markdown.ts';

/** The line, where and when it was written, those around it, and the command that shows them again. */
export function toLogMarkdown(line: LogLine, around: readonly LogLine[], environment: string): string {
  const { service, container, level, stream, at, traceId, requestId } = line;
  const lines = around.length > 0 ? around : [line];
  const facts = [
    `${level ?? 'level not known'}, ${stream}`,
    `container ${escapeMarkdown(container)}`,
    ...(traceId ? [`trace \`${traceId}\``] : []),
    ...(requestId ? [`request ${escapeMarkdown(requestId)}`] : []),
  ];
  const since = new Date(Math.max(0, (lines[0]?.at ?? at) - 1)).toISOString();
  const until = new Date((lines.at(-1)?.at ?? at) + 1).toISOString();
  // Longer than any run of backticks in the lines: nothing of theirs ends the block (CommonMark 4.5).
  const runs = lines.flatMap(({ text }) => text.match(/`+/g) ?? []);
  const fence = '`'.repeat(Math.max(3, ...runs.map(({ length }) => length + 1)));
  return [
    `**${escapeMarkdown(service)}** ${formatMoment(at)}: ${escapeMarkdown(line.message.slice(0, 300))}`,
    '',
    facts.join(' · '),
    '',
    fence,
    ...lines.map(({ stamp, text }) => `${stamp} ${text}`),
    fence,
    '',
    `\`gatehouse logs ${service} --environment ${environment} --since ${since} --until ${until}\``,
    '',
  ].join('\n');
}
