// The filter of the timeline: kinds, and words that must all hold. Pure.
import { splitField, splitFilterWords, type TimelineEntry, type TimelineKind } from '../../../app/contract/index.ts';

export const kindWords: Record<TimelineKind, string> = {
  engine: 'Engine',
  breaker: 'Breakers',
  gateway: 'Gateway',
  edge: 'From outside',
  configuration: 'Configuration',
  boot: 'Starts',
  operator: 'Operators',
};
export const allKinds = Object.keys(kindWords) as TimelineKind[];

export const timelineFilterHint = 'Filter: who:ops, is:down, or text';

/** Kinds as the address holds them, `engine,operator`; nothing that is understood means all. */
export function parseKinds(text: string | undefined): TimelineKind[] {
  const named = (text ?? '').split(',');
  const kinds = allKinds.filter((kind) => named.includes(kind));
  return kinds.length > 0 ? kinds : allKinds;
}

/** With one more or one less; none left means all again. null: all, which the address does not say. */
export function toggleKind(kinds: readonly TimelineKind[], kind: TimelineKind): string | null {
  const isOnlyAll = kinds.length === allKinds.length;
  const next = isOnlyAll ? [kind] : kinds.includes(kind) ? kinds.filter((one) => one !== kind) : [...kinds, kind];
  return next.length === 0 || next.length === allKinds.length ? null : next.join(',');
}

type EntryTest = (entry: TimelineEntry) => boolean;

const fields: Record<string, (entry: TimelineEntry) => string> = {
  who: ({ operator }) => operator?.who ?? '',
  is: ({ level, operator }) => `${level} ${operator?.outcome ?? ''}`,
  subject: ({ subject }) => subject,
};

export function toEntryTest(filter: string): EntryTest {
  const tests = splitFilterWords(filter).map((word): EntryTest => {
    const split = splitField(word);
    const read = split && Object.hasOwn(fields, split.field) ? fields[split.field] : undefined;
    const wanted = (split && read ? split.value : word.text).toLowerCase();
    const text = read ?? ((entry: TimelineEntry) => `${entry.subject} ${entry.text} ${entry.operator?.who ?? ''}`);
    const holds: EntryTest = (entry) => text(entry).toLowerCase().includes(wanted);
    return word.negated ? (entry) => !holds(entry) : holds;
  });
  return (entry) => tests.every((test) => test(entry));
}
