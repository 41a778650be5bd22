// The find box: `health:down`, `err>5%`, `net:ai` or text, joined by and, or and parentheses; and what fits next. Pure.
import {
  type FilterExpression,
  type FilterWord,
  parseFilterExpression,
  splitField,
} from '../../../app/contract/index.ts';
import { toServiceTest } from '../services/serviceFilter.ts';
import type { ReadWord } from '../traffic/FilterChip.tsx';
import type { Suggestion } from '../traffic/filterSuggestions.ts';
import type { TopologyNode } from './topologyNodes.ts';

type NodeTest = (node: TopologyNode) => boolean;

export type Find = FilterExpression<TopologyNode>;

interface Figure {
  /** Units after the number, and what they make of it; '' is the number alone. */
  units: Record<string, number>;
  example: string;
  read: (node: TopologyNode) => number | null;
}

/** Maps, since what is typed may be the name of something that every object has. */
const figures = new Map<string, Figure>(
  Object.entries({
    err: { units: { '%': 1, '': 1 }, example: 'err>5%', read: ({ traffic }) => percent(traffic?.errorShare) },
    p95: { units: { ms: 1, s: 1000, '': 1 }, example: 'p95>300ms', read: ({ traffic }) => traffic?.p95Ms ?? null },
    rate: { units: { '/s': 1, '': 1 }, example: 'rate>10', read: ({ traffic }) => traffic?.requestsPerSecond ?? null },
    cpu: { units: { '%': 1, '': 1 }, example: 'cpu>50%', read: ({ usage }) => percent(usage?.cpuShare) },
    mem: {
      units: { kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3, '': 1024 ** 2 },
      example: 'mem>200MB',
      read: ({ usage }) => usage?.memoryBytes ?? null,
    },
  } satisfies Record<string, Figure>),
);

/** Fields of the service itself; the filter of Services knows them. */
const serviceFields = ['net', 'kind', 'image', 'state', 'route', 'is'];

export const findHint = 'Find: health:down or err>5%, p95>300ms, net:ai, !text';

export function parseFind(text: string): Find {
  return parseFilterExpression(text, parseWord);
}

/** A test, or why there is none. */
function parseWord(word: FilterWord): NodeTest | string {
  const [, name, operator, value] = (!word.quoted && /^([a-z0-9]+)(<=|>=|<|>)(.*)$/i.exec(word.text)) || [];
  if (name !== undefined && operator && value !== undefined) return parseFigure(name.toLowerCase(), operator, value);
  const split = splitField(word);
  if (!split) return toTextTest(word.text);
  if (split.value === '') return `${split.field}: has no value yet`;
  const wanted = split.value.toLowerCase();
  if (split.field === 'health') return ({ level, service }) => level === wanted || hasHealth(service, wanted);
  if (split.field === 'breaker') return ({ service }) => service.breaker === wanted;
  if (!serviceFields.includes(split.field))
    return `there is no field ${split.field}; in quotes it is looked for as text`;
  const test = toServiceTest(`${split.field}:${quote(split.value)}`);
  return ({ service }) => test(service);
}

/** What the engine's own probe says: healthy, unhealthy, starting. */
function hasHealth({ containers }: TopologyNode['service'], wanted: string): boolean {
  return containers.some(({ health }) => health === wanted);
}

function parseFigure(name: string, operator: string, value: string): NodeTest | string {
  const figure = figures.get(name);
  if (!figure) return `there is no figure ${name}; known are ${[...figures.keys()].join(', ')}`;
  const [, digits, unit] = /^(\d+(?:\.\d+)?)([a-z%/]*)$/i.exec(value) ?? [];
  const factor = unit === undefined ? undefined : new Map(Object.entries(figure.units)).get(unit.toLowerCase());
  if (digits === undefined || factor === undefined) return `${name} takes a number, for example ${figure.example}`;
  const limit = Number(digits) * factor;
  const compare: Record<string, (known: number) => boolean> = {
    '<': (known) => known < limit,
    '<=': (known) => known <= limit,
    '>': (known) => known > limit,
    '>=': (known) => known >= limit,
  };
  // What is not known is neither above nor below.
  return (node) => {
    const known = figure.read(node);
    return known !== null && (compare[operator]?.(known) ?? false);
  };
}

function toTextTest(text: string): NodeTest {
  const wanted = text.toLowerCase();
  return ({ name, service, line }) =>
    [name, service.image, service.statusText, service.standInFor ?? '', line].some((one) =>
      one.toLowerCase().includes(wanted),
    );
}

/** Values may hold colons, never spaces: those end a word. */
function quote(value: string): string {
  return value.replaceAll('"', '');
}

function percent(share: number | null | undefined): number | null {
  return share === null || share === undefined ? null : share * 100;
}

/** What one word is taken for, apart from the others: `or`, `(net:ai`. */
export function readFindWord(word: string): ReadWord {
  const alone = word.replace(/^[!(]+/, '').replace(/\)+$/, '');
  if (/^(and|or)?$/i.test(alone)) return { kind: 'text', problem: null };
  const [problem = null] = parseFind(alone).problems;
  if (problem !== null) return { kind: 'invalid', problem };
  return { kind: /^[a-z0-9]+[:<>]/i.test(alone) ? 'field' : 'text', problem: null };
}

/** Values of a field that can be found, without repetition. */
const fieldValues: Record<string, (nodes: readonly TopologyNode[]) => readonly string[]> = {
  health: () => ['down', 'degraded', 'unknown', 'ok', 'healthy', 'unhealthy', 'starting'],
  net: (nodes) => nodes.flatMap(({ service }) => service.networks),
  kind: (nodes) => nodes.map(({ service }) => service.kind),
  route: (nodes) => nodes.flatMap(({ service }) => service.routes),
  state: (nodes) => nodes.flatMap(({ service }) => service.containers.map(({ state }) => state)),
  breaker: () => ['open', 'half-open', 'closed'],
  is: () => ['stand-in'],
  image: (nodes) => nodes.map(({ service }) => service.image),
};

const suggestionLimit = 9;

/** What could stand in place of the word that is being typed. */
export function toFindSuggestions(draft: string, nodes: readonly TopologyNode[]): Suggestion[] {
  const [, before = '', word = ''] = /^([!(]*)(.*)$/s.exec(draft) ?? [];
  if (word.startsWith('"')) return [];
  const typed = word.toLowerCase();
  const colon = typed.indexOf(':');
  const values =
    colon > 0 && Object.hasOwn(fieldValues, typed.slice(0, colon)) ? fieldValues[typed.slice(0, colon)] : null;
  const found: Suggestion[] = values
    ? [...new Set(values(nodes))]
        // A value with a space cannot be typed as one word.
        .filter((value) => value.toLowerCase().includes(typed.slice(colon + 1)) && !/[\s"]/.test(value))
        .sort()
        .map((value) => ({ word: `${typed.slice(0, colon)}:${value}`, hint: '', complete: true }))
    : [
        ...Object.keys(fieldValues).map((field) => ({
          word: `${field}:`,
          hint: fieldHints[field] ?? '',
          complete: false,
        })),
        ...[...figures].map(([name, { example }]) => ({ word: `${name}>`, hint: example, complete: false })),
        { word: 'or', hint: 'either side', complete: true },
        ...(typed === '' ? [] : nodes.map(({ name }) => ({ word: name, hint: 'service', complete: true }))),
      ].filter((one) => one.word.toLowerCase().startsWith(typed));
  return found
    .filter((one) => one.word.toLowerCase() !== typed)
    .slice(0, suggestionLimit)
    .map((one) => ({ ...one, word: `${before}${one.word}` }));
}

const fieldHints: Record<string, string> = {
  health: 'level, or the word of the probe',
  net: 'network',
  kind: 'app, store, queue…',
  route: 'a route that ends there',
  state: 'of its containers',
  breaker: 'open, half-open, closed',
  is: 'stand-in',
  image: 'image',
};
