// The request that Explain is asked about: as typed, as kept in the address, as a command. Pure.
import { type ExplainInput, explainInputSchema } from '../../../app/contract/index.ts';
import { toShellWord } from '../../components/shellWord.ts';

export interface ExplainDraft {
  method: string;
  url: string;
  /** One header a line, as in `name: value`. */
  headers: string;
}

export const emptyDraft: ExplainDraft = { method: 'GET', url: '', headers: '' };

/** `GET /api/ai/search/query/`; a path alone is asked about with GET. Headers are not kept in an address. */
export function parseExplainAddress(text: string): ExplainDraft {
  const [, method, url] = /^\s*([A-Za-z]+)\s+(\S.*)$/s.exec(text) ?? [];
  if (method && url) return { method: method.toUpperCase(), url: url.trim(), headers: '' };
  return { ...emptyDraft, url: text.trim() };
}

export function toExplainAddress({ method, url }: ExplainDraft): string {
  return url.trim() === '' ? '' : `${method} ${url.trim()}`;
}

export type ParsedExplain = { request: ExplainInput; problem: null } | { request: null; problem: string };

/** The request, or the first thing that is wrong with it. */
export function parseExplainDraft({ method, url, headers }: ExplainDraft): ParsedExplain {
  const lines = headers.split('\n').filter((line) => line.trim() !== '');
  const pairs = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return colon < 0 ? [line.trim(), ''] : [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
  });
  const wrong = lines.find((line) => !/^[^:\s]+\s*:/.test(line));
  if (wrong !== undefined) return { request: null, problem: `"${wrong}" is no header; write name: value` };
  if (url.trim() === '') return { request: null, problem: 'Enter a path, for example /api/ai/search/query/' };
  const parsed = explainInputSchema.safeParse({ method, url: url.trim(), headers: pairs });
  if (parsed.success) return { request: parsed.data, problem: null };
  return { request: null, problem: parsed.error.issues[0]?.message ?? 'not a request' };
}

/** The same question on the command line. */
export function toExplainCommand({ method, url, headers }: ExplainInput): string {
  const options = headers.flatMap(([name, value]) => ['-H', toShellWord(`${name}: ${value}`)]);
  return ['gatehouse', 'explain', toShellWord(method), toShellWord(url), ...options].join(' ');
}
