// Pass: which services take part. Pure.
import { type Environment, lookupIn } from './environment.ts';
import { entriesOf, find, itemsOf, type MapNode, toText } from './node.ts';

/** Those named, else COMPOSE_PROFILES. */
export function toProfiles(named: readonly string[] | undefined, environment: Environment): readonly string[] {
  if (named && named.length > 0) return named;
  return (lookupIn(environment)('COMPOSE_PROFILES') ?? '').split(',').map((profile) => profile.trim());
}

/** Services that have profiles, none of which is on; `*` turns all on. */
export function findDisabled(model: MapNode, profiles: readonly string[]): ReadonlySet<string> {
  const isOn = (profile: string | undefined) => profiles.includes('*') || profiles.includes(profile ?? '');
  const disabled = entriesOf(find(model, 'services')).filter(([, service]) => {
    const own = itemsOf(find(service, 'profiles'));
    return own.length > 0 && !own.some((profile) => isOn(toText(profile)));
  });
  return new Set(disabled.map(([name]) => name));
}
