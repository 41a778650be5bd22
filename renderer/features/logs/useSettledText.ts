// A text that is typed: shown at once, given on when the typing pauses, and taken over when others change it.
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';

const PAUSE_MS = 300;

export function useSettledText(value: string, onSettled: (text: string) => void): [string, (text: string) => void] {
  const [text, setText] = useState(value);
  const written = useRef(value);
  useEffect(() => {
    // Our own writing comes back late, when more may have been typed.
    if (value === written.current) return;
    written.current = value;
    setText(value);
  }, [value]);
  const settle = useDebouncedCallback((next: string) => {
    written.current = next;
    onSettled(next);
  }, PAUSE_MS);
  return [
    text,
    (next) => {
      setText(next);
      settle(next);
    },
  ];
}
