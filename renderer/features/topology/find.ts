// The find box: words that must all hold, `health:down`, `err>5%`, `net:ai`, or text. Pure.
import { type FilterWord, splitField, splitFilterWords } from '../../../app/contract/index.ts';
import { toServiceTest } from '../services/serviceFilter.ts';
import type { TopologyNode } from './topologyNodes.ts';

type NodeTest = (node: TopologyNode) => boolean;

export interface Find {
  matches: NodeTest;
  /** Nothing is looked for. */
  isEmpty: boolean;
  /** Why words do not count, one sentence each. */
  problems: string[];
}

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

export const findHint = 'Find: health:down, err>5%, p95>300ms, net:ai, or text';

export function parseFind(text: string): Find {
  const tests: NodeTest[] = [];
  const problems: string[] = [];
  for (const word of splitFilterWords(text)) {
    const parsed = parseWord(word);
    if (typeof parsed === 'string') problems.push(parsed);
    else tests.push(word.negated ? (node) => !parsed(node) : parsed);
  }
  return { matches: (node) => tests.every((test) => test(node)), isEmpty: tests.length === 0, problems };
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
