// `gatehouse.waivers.yaml` in the folder of a stack: what is accepted, why, and until when.
import {
  find,
  findText,
  isList,
  isMap,
  itemsOf,
  type MapNode,
  type Node,
  type Place,
} from '../../stack/compose/node.ts';
import { parseCompose } from '../../stack/compose/parse.ts';
import { problemAt } from '../../stack/compose/problem.ts';

export const waiversFileName = 'gatehouse.waivers.yaml';

export interface Waiver {
  readonly rule: string;
  /** As the evidence names it; `*` for all. */
  readonly subject: string;
  readonly reason: string;
  /** `2027-03-31`: the last day on which it counts, in UTC. */
  readonly expires: string;
  /** `gatehouse.waivers.yaml:3:5`. */
  readonly place: string;
}

const KEYS = ['rule', 'subject', 'reason', 'expires'] as const;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const REASON_LENGTH = 10;
const LIMIT = 500;

/** Throws `compose-invalid` with line and column for the first thing that is wrong; then no waiver of the file counts. */
export function parseWaivers(text: string, knownRules: ReadonlySet<string>): Waiver[] {
  const trees = parseCompose(text, waiversFileName);
  const waivers = trees.flatMap((tree) => readTree(tree, knownRules));
  if (waivers.length > LIMIT) throw problemAt(start, `${waivers.length} waivers are more than ${LIMIT}`, remedy);
  return waivers;
}

const start: Place = { file: waiversFileName, line: 1, column: 1 };
const remedy = 'Write waivers: [{ rule: …, subject: …, reason: …, expires: YYYY-MM-DD }].';

function readTree(tree: MapNode, knownRules: ReadonlySet<string>): Waiver[] {
  for (const key of tree.entries.keys()) {
    if (key !== 'waivers') throw problemAt(tree.keyPlaces?.get(key) ?? tree.place, `unknown key "${key}"`, remedy);
  }
  const list = find(tree, 'waivers');
  if (list === undefined) return [];
  if (!isList(list)) throw problemAt(list.place, 'waivers must be a list', remedy);
  return itemsOf(list).map((node) => readWaiver(node, knownRules));
}

function readWaiver(node: Node, knownRules: ReadonlySet<string>): Waiver {
  if (!isMap(node)) throw problemAt(node.place, 'a waiver must be a map', remedy);
  for (const key of node.entries.keys()) {
    if (!(KEYS as readonly string[]).includes(key))
      throw problemAt(
        node.keyPlaces?.get(key) ?? node.place,
        `unknown key "${key}"; known here: ${KEYS.join(', ')}`,
        remedy,
      );
  }
  const [rule, subject, reason, written] = KEYS.map((key) => readText(node, key)) as [string, string, string, string];
  // A day without quotes is a moment to compose, whose rules these files are read by.
  const expires = written.replace(/ 00:00:00 \+0000 UTC$/, '');
  const placeOf = (key: string) => node.entries.get(key)?.place ?? node.place;
  if (!knownRules.has(rule))
    throw problemAt(
      placeOf('rule'),
      `there is no rule "${rule.slice(0, 64)}"`,
      'Take the id as `gatehouse posture` prints it.',
    );
  if (reason.trim().length < REASON_LENGTH)
    throw problemAt(
      placeOf('reason'),
      `the reason "${reason}" is too short`,
      'Say why this is accepted, so that others can judge it.',
    );
  if (
    !DAY.test(expires) ||
    Number.isNaN(Date.parse(expires)) ||
    new Date(expires).toISOString().slice(0, 10) !== expires
  )
    throw problemAt(
      placeOf('expires'),
      `expires is "${expires.slice(0, 64)}", which is no day`,
      'Write it as YYYY-MM-DD.',
    );
  const { file, line, column } = node.place;
  return { rule, subject, reason: reason.trim(), expires, place: `${file}:${line}:${column}` };
}

function readText(node: MapNode, key: string): string {
  const text = findText(node, key);
  if (text !== undefined && text !== '') return text;
  throw problemAt(node.entries.get(key)?.place ?? node.place, `the key "${key}" must be a text`, remedy);
}

/** Until the end of its day. */
export function isExpired({ expires }: Waiver, now: number): boolean {
  return now >= Date.parse(expires) + 86_400_000;
}

export function isMeant(waiver: Waiver, rule: string, subject: string): boolean {
  return waiver.rule === rule && (waiver.subject === '*' || waiver.subject === subject);
}
