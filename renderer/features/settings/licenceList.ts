// The list of packages as the build has written it. Pure.

export interface Licence {
  name: string;
  version: string;
  licence: string;
}

/** What is no package is left out. */
export function parseLicences(value: unknown): Licence[] {
  if (!Array.isArray(value)) return [];
  return value.filter(
    (one: unknown): one is Licence =>
      typeof one === 'object' &&
      one !== null &&
      ['name', 'version', 'licence'].every((key) => typeof (one as Record<string, unknown>)[key] === 'string'),
  );
}

/** The most used licence first. */
export function groupLicences(packages: readonly Licence[]): { licence: string; packages: Licence[] }[] {
  const groups = Map.groupBy(packages, ({ licence }) => licence);
  return [...groups]
    .map(([licence, members]) => ({ licence, packages: members }))
    .sort((a, b) => b.packages.length - a.packages.length || a.licence.localeCompare(b.licence, 'en'));
}
