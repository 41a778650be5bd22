// Which Jaeger an environment has, and the ways to it: said in `x-gatehouse: { traces: NAME }`, else found by image and
// name. Pure.
import { type FoundPlace, findServicePlace, type PlaceFacts } from '../../tunnel/findServicePlace.ts';

export type JaegerPlace = FoundPlace;

export function findJaeger(facts: PlaceFacts, said: ReadonlySet<string>): JaegerPlace {
  return findServicePlace(facts, {
    kind: 'traces',
    product: 'Jaeger',
    gives: 'traces',
    usualPorts: [16686],
    said,
  });
}
