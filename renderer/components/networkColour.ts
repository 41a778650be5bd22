// The colour of a network: the same in every view, and by its name, so that it does not change with its neighbours. Pure.

const byMeaning: [words: RegExp, token: string][] = [
  // What is on none has no colour either.
  [/^no network$/, '--text-dim'],
  [/public|edge|front|proxy/, '--network-public'],
  [/monitor|metric|observ|telemetry/, '--network-monitoring'],
  [/(^|[_-])(ai|ml)([_-]|$)/, '--network-ai'],
  [/back|app|api|data|db/, '--network-backend'],
];
const others = ['--series-5', '--series-6', '--series-4'];

/** A CSS colour, for example `var(--network-ai)`. */
export function toNetworkColour(name: string): string {
  const lower = name.toLowerCase();
  const known = byMeaning.find(([words]) => words.test(lower))?.[1];
  if (known) return `var(${known})`;
  let sum = 0;
  for (const letter of lower) sum += letter.codePointAt(0) ?? 0;
  return `var(${others[sum % others.length] ?? '--series-5'})`;
}
