// Shortcuts of the page: `useKeys({ 'g o': openOverview, '?': showKeys })`. The newest user of a key wins.
import { useEffect, useRef } from 'react';
import { type KeyMemory, pressKey } from './keySequence.ts';

type KeyMap = Record<string, () => void>;

const users: { current: KeyMap }[] = [];
let memory: KeyMemory = { prefix: null, at: 0 };

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented) return;
  const target = event.target instanceof HTMLElement ? event.target : null;
  const typing = target !== null && (target.isContentEditable || target.matches('input, textarea, select'));
  // A dialog has the keyboard to itself.
  if (target?.closest('[role="dialog"]') || document.querySelector('[role="dialog"][aria-modal="true"]')) return;
  const known = new Set(users.flatMap((user) => Object.keys(user.current)));
  const modified = event.ctrlKey || event.metaKey || event.altKey;
  const result = pressKey(memory, { key: event.key, at: event.timeStamp, modified, typing }, known);
  memory = result.memory;
  if (result.shortcut === null) return;
  const shortcut = result.shortcut;
  const owner = users.findLast((user) => user.current[shortcut] !== undefined);
  event.preventDefault();
  owner?.current[shortcut]?.();
}

export function useKeys(keys: KeyMap): void {
  const current = useRef(keys);
  current.current = keys;
  useEffect(() => {
    if (users.length === 0) document.addEventListener('keydown', onKeyDown);
    users.push(current);
    return () => {
      users.splice(users.indexOf(current), 1);
      if (users.length === 0) document.removeEventListener('keydown', onKeyDown);
    };
  }, []);
}
