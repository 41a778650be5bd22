// Which compose files are development and which are production: said in `x-gatehouse.modes`, else found by name.
import { GatehouseError } from '../../../contract/index.ts';
import { chooseFiles, fileNames } from './chooseFiles.ts';
import type { Environment } from './environment.ts';
import { type FileReader, unreadable } from './fileReader.ts';
import { loadProject } from './loadProject.ts';
import { entriesOf, find, isList, isMap, isText, type MapNode, type Node, placeOfKey } from './node.ts';
import { parseCompose } from './parse.ts';
import { problemAt } from './problem.ts';

export const modes = ['dev', 'prod'] as const;
export type Mode = (typeof modes)[number];

export interface ModeChoice {
  /** Absolute, the main one first: for `loadProject`. */
  readonly files: readonly string[];
  readonly profiles?: readonly string[];
  /** Why these: a sentence for the operator. */
  readonly reason: string;
}

export interface ModeFiles {
  readonly dev: ModeChoice;
  /** null: the folder has no production files. */
  readonly prod: ModeChoice | null;
}

export interface ModeContext {
  readonly reader: FileReader;
  readonly environment: Environment;
}

/** Throws `folder-unreadable` when there are no compose files, and `compose-invalid` for modes that are said wrongly. */
export async function resolveModeFiles(folder: string, context: ModeContext): Promise<ModeFiles> {
  const { reader, environment } = context;
  const absolute = reader.path.resolve(folder);
  if (!(await reader.isFolder(absolute))) {
    throw unreadable(`${absolute} is no folder that can be read.`, 'Give the folder that holds the compose file.');
  }
  const session = { reader, folder: absolute, sources: new Map(), warnings: [] };
  const main = await chooseFiles(undefined, environment, session);
  const said = await readSaid(main[0] ?? '', absolute, context);
  const dev = said.dev ?? { files: main, reason: 'the compose file of this folder' };
  return { dev, prod: said.prod ?? (await findProduction(absolute, dev, context)) };
}

/** The files of one mode. Throws `folder-unreadable` when the folder has no production files. */
export async function requireModeFiles(folder: string, mode: Mode, context: ModeContext): Promise<ModeChoice> {
  const choice = (await resolveModeFiles(folder, context))[mode];
  if (choice) return choice;
  throw unreadable(
    `${folder} has no ${productionNames.join(' or ')}, and its compose file says no x-gatehouse.modes.${mode}.`,
    'Add one of them, or use another mode.',
  );
}

/** `docker-compose.prod.yaml`, beside each of compose's own names. */
const productionNames = fileNames.map((name) => name.replace(/\.(ya?ml)$/, '.prod.$1'));

async function findProduction(folder: string, dev: ModeChoice, context: ModeContext): Promise<ModeChoice | null> {
  const { reader, environment } = context;
  for (const name of productionNames) {
    const file = reader.path.join(folder, name);
    const text = await reader.readText(file);
    if (text === undefined) continue;
    const files = [...dev.files.slice(0, 1), file];
    const asOverride = { files, reason: `${name} over ${reader.path.basename(files[0] ?? '')}` };
    // Marks take something away from another file; alone they would mean nothing.
    if (parseCompose(text, name).some(hasMark)) return asOverride;
    const alone = await loads([file], { folder, reader, environment, profiles: ['*'] });
    return alone ? { files: [file], reason: `${name} stands alone` } : asOverride;
  }
  return null;
}

function hasMark(node: Node): boolean {
  if (node.mark) return true;
  if (isMap(node)) return [...node.entries.values()].some(hasMark);
  return isList(node) && node.items.some(hasMark);
}

async function loads(files: readonly string[], options: Parameters<typeof loadProject>[0]): Promise<boolean> {
  try {
    const { project } = await loadProject({ ...options, files });
    return Object.keys(project.services).length > 0;
  } catch (error) {
    if (error instanceof GatehouseError) return false;
    throw error;
  }
}

async function readSaid(
  file: string,
  folder: string,
  { reader }: ModeContext,
): Promise<Partial<Record<Mode, ModeChoice>>> {
  const text = await reader.readText(file);
  const said: Partial<Record<Mode, ModeChoice>> = {};
  for (const tree of parseCompose(text ?? '', reader.path.relative(folder, file) || file)) {
    const modesNode = find(tree, 'x-gatehouse', 'modes');
    for (const [mode, node] of entriesOf(modesNode)) {
      if (!isMode(mode)) {
        const place = placeOfKey(modesNode as MapNode, mode);
        throw problemAt(place, `x-gatehouse.modes has "${mode}"`, `The modes are ${modes.join(' and ')}.`);
      }
      const profiles = toTexts(find(node, 'profiles'), `x-gatehouse.modes.${mode}.profiles`);
      const files = toTexts(find(node, 'files'), `x-gatehouse.modes.${mode}.files`) ?? [];
      if (files.length === 0)
        throw problemAt(node.place, `x-gatehouse.modes.${mode} names no files`, 'Write files: [a.yaml].');
      said[mode] = {
        files: files.map((name) => reader.path.resolve(folder, name)),
        ...(profiles ? { profiles } : {}),
        reason: `said in x-gatehouse.modes.${mode}`,
      };
    }
  }
  return said;
}

function isMode(text: string): text is Mode {
  return (modes as readonly string[]).includes(text);
}

function toTexts(node: Node | undefined, path: string): string[] | undefined {
  if (node === undefined) return undefined;
  if (!isList(node) || !node.items.every(isText)) throw problemAt(node.place, `${path} must be a list of texts`);
  return node.items.filter(isText).map(({ value }) => value);
}
