import { GatehouseError } from '../../../contract/index.ts';
import type { FileReader } from '../../stack/compose/fileReader.ts';
import { noWaivers, type WaiverFile } from '../evaluate.ts';
import { rules } from '../rules/rules.ts';
import { parseWaivers, waiversFileName } from './waivers.ts';

const knownRules: ReadonlySet<string> = new Set(rules.map(({ id }) => id));

/** The waivers of a stack's folder. A file that is wrong waives nothing, and its problem is part of the answer. */
export async function readWaivers(folder: string | null, reader: FileReader): Promise<WaiverFile> {
  if (folder === null) return noWaivers;
  const file = reader.path.join(folder, waiversFileName);
  try {
    const text = await reader.readText(file);
    if (text === undefined) return noWaivers;
    return { file: waiversFileName, waivers: parseWaivers(text, knownRules), problem: null };
  } catch (error) {
    if (!(error instanceof GatehouseError)) throw error;
    return { file: waiversFileName, waivers: [], problem: `${error.message} ${error.remedy}` };
  }
}
