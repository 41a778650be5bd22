// What the operator set for an environment: its name, its colour and its guard, kept by place.
import { existsSync } from 'node:fs';
import { type EnvironmentSettings, environmentSettingsSchema } from '../../contract/index.ts';
import type { History } from '../history/history.ts';

export interface SettingsStore {
  /** `isKnown` is false while the file that holds them cannot be read: there may be some. */
  find(place: string): { settings: EnvironmentSettings; isKnown: boolean };
  change(place: string, change: Partial<EnvironmentSettings>): EnvironmentSettings;
  /** By place. */
  list(): KeptSettings[];
  forget(place: string): void;
}

export interface KeptSettings {
  place: string;
  settings: EnvironmentSettings;
  /** Epoch ms. */
  setAt: number;
}

/** As many as a list can be read. */
const listLimit = 500;

const unset: EnvironmentSettings = { name: null, colour: null, guard: null };

export function createSettingsStore(history: History, now: () => number): SettingsStore {
  const find = (place: string) => {
    const [row] = history.read((database) => database.all('SELECT settings FROM environments WHERE place = ?', place));
    const { state, file } = history.state.current;
    return { settings: parse(row?.settings), isKnown: row !== undefined || state === 'kept' || !existsSync(file) };
  };
  const write = (place: string, settings: EnvironmentSettings) =>
    history.write((database) => {
      const sql = 'INSERT OR REPLACE INTO environments (place, at, settings) VALUES (?, ?, ?)';
      database.run(sql, place, now(), JSON.stringify(settings));
    });
  return {
    find,
    change(place, change) {
      const settings = { ...find(place).settings, ...change };
      write(place, settings);
      return settings;
    },
    list() {
      const sql = `SELECT place, at, settings FROM environments ORDER BY place LIMIT ${listLimit}`;
      return history
        .read((database) => database.all(sql))
        .map(({ place, at, settings }) => ({ place: String(place), settings: parse(settings), setAt: Number(at) }));
    },
    forget(place) {
      // While the file cannot be written, a row that says nothing will replace the one in it.
      if (history.state.current.state === 'memory') write(place, unset);
      else history.write((database) => void database.run('DELETE FROM environments WHERE place = ?', place));
    },
  };
}

/** What an older or newer version wrote and this one does not understand counts as not set. */
function parse(text: unknown): EnvironmentSettings {
  if (typeof text !== 'string') return unset;
  return environmentSettingsSchema.catch(unset).parse(JSON.parse(text));
}
