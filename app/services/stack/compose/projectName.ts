// The name of a project: given, in a file, or that of its folder.
import { GatehouseError } from '../../../contract/index.ts';
import { type Environment, lookupIn } from './environment.ts';
import { interpolate } from './interpolate.ts';
import { findText } from './node.ts';
import { parseCompose } from './parse.ts';
import { type LoadSession, toShownPath } from './session.ts';

/** The last file that has one wins; made lower case and without odd characters, as compose does it. */
export async function toProjectName(
  files: readonly string[],
  environment: Environment,
  session: LoadSession,
): Promise<string> {
  let name = '';
  for (const file of files) {
    const text = await session.reader.readText(file);
    if (text === undefined) continue;
    for (const tree of parseCompose(text, toShownPath(session, file))) name = findText(tree, 'name') || name;
  }
  const said = normaliseProjectName(interpolate(name, lookupIn(environment)).text);
  return said || normaliseProjectName(session.reader.path.basename(session.folder)) || 'default';
}

/** Only lower case letters, digits, dashes and underscores, beginning with a letter or digit. */
export function normaliseProjectName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '')
    .replace(/^[_-]+/, '');
}

/** A name that was given on purpose is not changed but refused. */
export function requireProjectName(name: string): void {
  if (name !== '' && normaliseProjectName(name) === name) return;
  throw new GatehouseError({
    code: 'compose-invalid',
    message: `"${name.slice(0, 100)}" is no project name.`,
    remedy: 'Use lower case letters, digits, dashes and underscores, beginning with a letter or digit.',
  });
}
