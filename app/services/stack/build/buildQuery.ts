// What a build section means in the words of the engine, and what of it is not supported. Pure.
import type { Build, Project } from '../compose/project.ts';
import { toImageReference } from '../spec/names.ts';
import { toBytes } from '../spec/quantities.ts';
import { withoutUndefined } from '../spec/rawValues.ts';

/** For POST /build, without the archive's own names. */
export function toBuildQuery(project: Project, service: string, build: Build): Record<string, unknown> {
  const platform = project.services[service]?.platform;
  const args = Object.entries(build.args ?? {}).filter((entry): entry is [string, string] => entry[1] !== null);
  return withoutUndefined({
    t: [toImageReference(project, service), ...(build.tags ?? [])],
    target: build.target,
    buildargs: args.length > 0 ? Object.fromEntries(args) : undefined,
    // Those by which compose finds the images that it built (`docker compose down --rmi`).
    labels: {
      ...build.labels,
      'com.docker.compose.project': project.name,
      'com.docker.compose.service': service,
    },
    networkmode: build.network,
    nocache: build.no_cache || undefined,
    pull: build.pull || undefined,
    shmsize: toBytes(build.shm_size),
    extrahosts: build.extra_hosts?.map((text) => text.replace('=', ':')).join(','),
    cachefrom: build.cache_from && build.cache_from.length > 0 ? [...build.cache_from] : undefined,
    platform: build.platforms?.[0] ?? platform,
  });
}

const unsupported: Readonly<Record<string, string>> = {
  additional_contexts: 'further contexts are not supported',
  secrets: 'secrets of a build are not supported',
  ssh: 'keys for a build are not supported',
  cache_to: 'handing a cache out is not supported',
  privileged: 'builds with more rights are not supported',
  entitlements: 'builds with more rights are not supported',
};

/** Key and reason, for what would otherwise be left out silently. */
export function findUnsupported(build: Build): { key: string; reason: string }[] {
  const keys = Object.entries(unsupported).flatMap(([key, reason]) =>
    build[key] === undefined || build[key] === false ? [] : [{ key: `build.${key}`, reason }],
  );
  if ((build.platforms?.length ?? 0) > 1)
    keys.push({ key: 'build.platforms', reason: 'an image of several platforms is not supported' });
  if (/^(https?|git|ssh):\/\/|^git@|^github\.com\//.test(build.context)) {
    keys.push({ key: 'build.context', reason: 'a context that is no folder is not supported' });
  }
  return keys;
}
