// Which part plays which role, and who can reach whom.
import type { NetworkFact, Part, PostureFacts } from '../facts/facts.ts';

/** What clients from outside may reach: the edge; where there is none, the gateway. */
export function isEntry(
  part: Pick<Part, 'kind'>,
  { parts }: { readonly parts: readonly Pick<Part, 'kind'>[] },
): boolean {
  if (part.kind === 'edge') return true;
  return part.kind === 'gateway' && !parts.some(({ kind }) => kind === 'edge');
}

export const isStore = ({ kind }: Part): boolean => kind === 'store' || kind === 'queue';
export const isMonitoring = ({ kind }: Part): boolean =>
  kind === 'metrics' || kind === 'traces' || kind === 'dashboard';
export const isApplication = ({ kind }: Part): boolean => kind === 'app';

export function membersOf(network: string, { parts }: PostureFacts): Part[] {
  return parts.filter(({ networks }) => networks.includes(network));
}

export function labelOf(network: string, { networks }: PostureFacts): string {
  return networks.find(({ name }) => name === network)?.label ?? network;
}

/** Networks that the two share, by their labels. */
export function sharedNetworks(a: Part, b: Part, facts: PostureFacts): string[] {
  const shared = a.networks.filter((name) => b.networks.includes(name)).map((name) => labelOf(name, facts));
  return shared.sort();
}

/** Networks with stores that monitoring is not on: each is a realm of its own. */
export function findSegments(facts: PostureFacts): NetworkFact[] {
  return facts.networks.filter(({ name }) => {
    const members = membersOf(name, facts);
    return members.some(isStore) && !members.some(isMonitoring);
  });
}

const word = (name: string) => new RegExp(`(?<![\\w.-])${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-])`, 'i');

/** What is called like a service may also be a user or a database. */
const notHost = /(USER|USERNAME|DB|DATABASE|DBNAME|PASS|PASSWORD|SCHEMA|ROLE|LEVEL|MODE)$/i;

/** Names of variables in whose value a service stands as a host. */
export function findMentions({ environment, command }: Part, service: string): string[] {
  const pattern = word(service);
  const names = environment
    .filter(({ name, value }) => !notHost.test(name) && pattern.test(value))
    .map(({ name }) => name);
  return command.some((argument) => argument !== service && pattern.test(argument)) ? [...names, 'its command'] : names;
}

/** Whether its file gives a reason to reach the other one. */
export function needs(part: Part, other: Part): boolean {
  return part.dependsOn.includes(other.service) || findMentions(part, other.service).length > 0;
}
