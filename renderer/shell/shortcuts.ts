// The keys of the console, for the sheet and for the settings alike. Pure.
import { views } from './views.ts';

export interface Shortcut {
  keys: string;
  meaning: string;
}

export interface ShortcutGroup {
  title: string;
  keys: readonly Shortcut[];
}

export const shortcutGroups: readonly ShortcutGroup[] = [
  {
    title: 'Everywhere',
    keys: [
      { keys: '⌘K', meaning: 'Search or run' },
      { keys: '/', meaning: 'Filter of the view' },
      { keys: '?', meaning: 'These keys' },
      { keys: 'Esc', meaning: 'Close, leave' },
    ],
  },
  {
    title: 'In lists',
    keys: [
      { keys: 'j k', meaning: 'Down, up' },
      { keys: '↵', meaning: 'Open' },
    ],
  },
  {
    title: 'Go to',
    keys: [
      { keys: 'g h', meaning: 'Start' },
      ...views.map((view) => ({ keys: view.key as string, meaning: view.label as string })),
    ],
  },
];

/** Groups with what has every word in its keys, meaning or title; empty groups are left out. */
export function findShortcuts(text: string, groups: readonly ShortcutGroup[] = shortcutGroups): ShortcutGroup[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return groups
    .map(({ title, keys }) => ({
      title,
      keys: keys.filter((one) => {
        const said = `${title} ${one.keys} ${one.meaning}`.toLowerCase();
        return words.every((word) => said.includes(word));
      }),
    }))
    .filter(({ keys }) => keys.length > 0);
}
