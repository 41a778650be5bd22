// What the operator set for an environment: its name, its colour and its guard, kept by place.
import { existsSync } from 'node:fs';
import { type EnvironmentSettings, environmentSettingsSchema } from '../../contract/index.ts';
import type { History } from '../history/history.ts';

export interface SettingsStore {
  /** `isKnown` is false while the file that holds them cannot be read: there may be some. */
  find(place: string): { settings: EnvironmentSettings; isKnown: boolean };
  change(place: string, change: Partial<EnvironmentSettings>): EnvironmentSettings;
}

const unset: EnvironmentSettings = { name: null, colour: null, guard: null };

export function createSettingsStore(history: History, now: () => number): SettingsStore {
  const find = (place: string) => {
    const [row] = history.read((database) => database.all('SELECT settings FROM environments WHERE place = ?', place));
    const { state, file } = history.state.current;
    return { settings: parse(row?.settings), isKnown: row !== undefined || state === 'kept' || !existsSync(file) };
  };
  return {
    find,
    change(place, change) {
      const settings = { ...find(place).settings, ...change };
      history.write((database) => {
        const sql = 'INSERT OR REPLACE INTO environments (place, at, settings) VALUES (?, ?, ?)';
        database.run(sql, place, now(), JSON.stringify(settings));
      });
      return settings;
    },
  };
}

/** What an older or newer version wrote and this one does not understand counts as not set. */
function parse(text: unknown): EnvironmentSettings {
  if (typeof text !== 'string') return unset;
  return environmentSettingsSchema.catch(unset).parse(JSON.parse(text));
}
