// What the Dockerfiles of a stack say of user and health: of what is built here, that is known without an engine.
import type { FileReader } from '../../stack/compose/fileReader.ts';
import type { Build, Project } from '../../stack/compose/project.ts';
import type { ImageFact } from './facts.ts';

/** By service; of what is not built, or whose last stage names no user, nothing is known. */
export async function readDockerfiles(project: Project, reader: FileReader): Promise<ReadonlyMap<string, ImageFact>> {
  const found = await Promise.all(
    Object.entries(project.services).map(async ([name, { build }]) => {
      const text = build ? await readText(build, reader) : undefined;
      const fact = text === undefined ? undefined : parseDockerfile(text, build?.target);
      return fact ? ([[name, fact]] as const) : [];
    }),
  );
  return new Map(found.flat());
}

async function readText(
  { context, dockerfile, dockerfile_inline }: Build,
  reader: FileReader,
): Promise<string | undefined> {
  if (dockerfile_inline !== undefined) return dockerfile_inline;
  // A repository or an archive elsewhere.
  if (/^[a-z][a-z0-9+.-]*:\/\/|^git@/i.test(context)) return undefined;
  return reader.readText(reader.path.resolve(context, dockerfile ?? 'Dockerfile')).catch(() => undefined);
}

/** Of the stage that is built, and of those of the same file that it is made from; undefined where none names a user. */
export function parseDockerfile(text: string, target?: string): ImageFact | undefined {
  const lines = text.replace(/\\\r?\n/g, ' ').split(/\r?\n/);
  const stages: { name: string; from: string; user: string | null; hasHealthCheck: boolean }[] = [];
  for (const line of lines) {
    const [, word = '', rest = ''] = /^\s*(FROM|USER|HEALTHCHECK)\s+(.*?)\s*$/i.exec(line) ?? [];
    const stage = stages.at(-1);
    if (/^from$/i.test(word)) {
      const [, from = '', name = ''] = /^(?:--\S+\s+)*(\S+)(?:\s+as\s+(\S+))?/i.exec(rest) ?? [];
      const base = stages.find((one) => one.name === from.toLowerCase());
      const { user = null, hasHealthCheck = false } = base ?? {};
      stages.push({ name: name.toLowerCase(), from, user, hasHealthCheck });
    } else if (stage && /^user$/i.test(word)) stage.user = rest;
    else if (stage && /^healthcheck$/i.test(word)) stage.hasHealthCheck = !/^none$/i.test(rest);
  }
  const built = target === undefined ? stages.at(-1) : stages.find(({ name }) => name === target.toLowerCase());
  // A variable is known only when it is built.
  if (!built || built.user === null || built.user.includes('$')) return undefined;
  return { user: built.user, hasHealthCheck: built.hasHealthCheck, createdAt: null };
}
