// What a panel shows, as Markdown for a ticket or a chat: what it comes to, the evidence, the moment in absolute UTC and the
// command that gives the same. Pure; each panel says its own in a function beside it.
import { formatMoment, formatQuantity } from './format.ts';
import { escapeMarkdown } from './markdown.ts';

export interface Report {
  /** What it comes to, in one sentence. Text of others is escaped here. */
  verdict: string;
  evidence: readonly ReportPart[];
  /** The same on the command line. */
  command: string;
}

/** Text of others is escaped here, in cells and lines alike. */
export type ReportPart = string | ReportTable;

export interface ReportTable {
  headers: readonly string[];
  /** Columns of figures are aligned at their end. */
  figures?: readonly number[];
  rows: readonly (readonly string[])[];
}

export interface ReportPlace {
  /** null: of the host as a whole. */
  environment: string | null;
  /** Epoch ms at which the data was current. */
  at: number;
}

/** More than this nobody reads in a ticket. */
const ROWS = 40;
const LENGTH = 300;

export function toReportMarkdown({ verdict, evidence, command }: Report, { environment, at }: ReportPlace): string {
  const place = environment === null ? '' : `${escapeMarkdown(environment)}, `;
  const parts = [
    `**${cut(verdict)}**`,
    `${place}${formatMoment(at)}, seen by Gatehouse`,
    ...evidence.flatMap((part) => (typeof part === 'string' ? [cut(part)] : toTable(part))),
    `\`${command.replaceAll('`', '')}\``,
  ];
  return `${parts.join('\n\n')}\n`;
}

function toTable({ headers, figures = [], rows }: ReportTable): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]) => `| ${cells.map(cut).join(' | ')} |`;
  const rule = `|${headers.map((_, place) => (figures.includes(place) ? '---:' : '---')).join('|')}|`;
  const table = [line(headers), rule, ...rows.slice(0, ROWS).map(line)].join('\n');
  const left = rows.length - ROWS;
  return left > 0 ? [table, `and ${formatQuantity(left, 'more row')}`] : [table];
}

function cut(text: string): string {
  const clipped = text.length > LENGTH ? `${text.slice(0, LENGTH)}…` : text;
  return escapeMarkdown(clipped.replaceAll('\r', ''));
}
