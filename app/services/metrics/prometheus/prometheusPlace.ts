// Which Prometheus an environment has, and the ways to it. Pure.
import { type FoundPlace, findServicePlace, type PlaceFacts } from '../../tunnel/findServicePlace.ts';

export type PrometheusPlace = FoundPlace;

export function findPrometheus(facts: PlaceFacts): PrometheusPlace {
  return findServicePlace(facts, {
    kind: 'metrics',
    product: 'Prometheus',
    gives: 'PromQL, targets and alerts',
    // Where Prometheus and those that speak its API listen.
    usualPorts: [9090, 8428, 8481],
  });
}
