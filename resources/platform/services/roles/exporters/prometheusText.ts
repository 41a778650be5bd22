// Of a store that has metrics already: those that are wanted, passed on.
import type { Dial } from '../../kit/addresses.ts';
import { httpGet } from './httpGet.ts';

/** More would be a store that counts something without end. */
const LINES_LIMIT = 2_000;

export async function readPrometheusText(
  address: URL,
  { dial, wanted }: { dial: Dial; wanted: RegExp },
): Promise<string> {
  return pickMetrics(await httpGet(address, dial), wanted);
}

/** The lines of those metrics, with their HELP and TYPE; at most 2,000. */
export function pickMetrics(text: string, wanted: RegExp): string {
  const lines = text.split('\n').filter((line) => {
    const name = /^(?:# (?:HELP|TYPE) )?([a-zA-Z_:][\w:]*)/.exec(line)?.[1];
    return name !== undefined && wanted.test(name);
  });
  return lines
    .slice(0, LINES_LIMIT)
    .map((line) => `${line}\n`)
    .join('');
}

export interface Sample {
  labels?: Readonly<Record<string, string>>;
  value: number;
}

/** One gauge as text. */
export function toGaugeText(name: string, help: string, samples: readonly Sample[]): string {
  const lines = samples.map(({ labels = {}, value }) => `${name}${toLabels(labels)} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join('')}`;
}

/** What a store calls its things is its own text. */
function toLabels(labels: Readonly<Record<string, string>>): string {
  const quote = (text: string) =>
    text.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`));
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${quote(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
