// The shape of a whole compose file.
import { configs, names, networks, secrets, volumes } from './resources.ts';
import { service } from './service.ts';
import { anything, record, table, text } from './shape.ts';

export const compose = record({
  version: text(),
  name: text(),
  include: anything(),
  services: table(service, { names, keepEmpty: true }),
  networks,
  volumes,
  secrets,
  configs,
});

/** Keys of newer specifications; they are refused by name instead of being ignored. */
export const notSupported: ReadonlyMap<string, string> = new Map([
  ['models', 'language models are not run by Gatehouse'],
  ['provider', 'services of a provider are not run by Gatehouse'],
  ['use_api_socket', 'the engine is not lent to containers by Gatehouse'],
  ['pre_start', 'hooks before the start are not run by Gatehouse'],
  ['pull_refresh_after', 'images are not pulled by age by Gatehouse'],
  ['interface_name', 'names of interfaces are not set by Gatehouse'],
  ['image', 'images are not mounted by Gatehouse'],
  ['labels', 'anonymous volumes are not labelled by Gatehouse'],
  ['include', 'files are not watched by Gatehouse'],
  ['initial_sync', 'files are not watched by Gatehouse'],
  ['provenance', 'attestations are not made by Gatehouse'],
  ['sbom', 'attestations are not made by Gatehouse'],
]);
