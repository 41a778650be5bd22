// The compose projects of projects/, each with how it is loaded, and a reader that keeps away from this machine's own.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { localFileReader } from '../fileReader.ts';
import { type LoadedProject, loadProject } from '../loadProject.ts';

export interface Case {
  readonly name: string;
  readonly folder: string;
  readonly files?: readonly string[];
  readonly profiles?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Why compose 2.26 takes it and we do not, or the other way round. */
  readonly differs?: string;
}

export const projectsFolder = join(dirname(fileURLToPath(import.meta.url)), 'projects');
/** A home that no file of a project may be looked for in. */
export const home = '/home/operator';

export function readCases(): Case[] {
  return readdirSync(projectsFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const folder = join(projectsFolder, name);
      const how = join(folder, 'case.json');
      return { name, folder, ...(existsSync(how) ? (JSON.parse(readFileSync(how, 'utf8')) as Partial<Case>) : {}) };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

export function loadCase({ folder, files, profiles, environment = {} }: Case): Promise<LoadedProject> {
  return loadProject({ folder, files, profiles, environment, reader: { ...localFileReader, home } });
}

/** The project, or what was wrong with it. */
export async function tryCase(one: Case): Promise<LoadedProject | Error> {
  return await loadCase(one).catch((error: unknown) => {
    if (error instanceof Error) return error;
    throw error;
  });
}
