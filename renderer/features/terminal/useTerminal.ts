// Joins a screen to a program in a container, for as long as it is mounted.
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { type Problem, problemOf, type TerminalEvent } from '../../../app/contract/index.ts';
import { useConnection } from '../../api/connection.ts';
import { useTRPCClient } from '../../api/GatehouseProvider.tsx';
import { createScreen, type Screen } from './createScreen.ts';
import { createInputQueue, fromBase64, toBase64 } from './inputQueue.ts';

export type TerminalState =
  | { kind: 'opening' }
  | { kind: 'open'; command: readonly string[] }
  | { kind: 'ended'; words: string }
  | { kind: 'failed'; problem: Problem };

export interface TerminalPlace {
  environment: string;
  service: string;
  container: string;
  confirm: string | undefined;
}

export interface UseTerminalOptions {
  onLink: (url: string) => void;
  onLeave: () => void;
}

export function useTerminal(target: TerminalPlace, options: UseTerminalOptions) {
  const client = useTRPCClient();
  const place = useRef<HTMLDivElement>(null);
  const screenRef = useRef<Screen | null>(null);
  const [state, setState] = useState<TerminalState>({ kind: 'opening' });
  const latest = useRef({ target, options });
  latest.current.options = options;

  useEffect(() => {
    if (!place.current) return;
    const { environment, service, container, confirm } = latest.current.target;
    const screen = createScreen({
      place: place.current,
      onLink: (url) => latest.current.options.onLink(url),
      onLeave: () => latest.current.options.onLeave(),
    });
    screenRef.current = screen;
    const { terminal } = screen;
    let id = '';
    const toSize = () => ({ columns: Math.max(2, terminal.cols), rows: Math.max(2, terminal.rows) });
    const input = createInputQueue((bytes) => client.terminal.write.mutate({ id, bytes: toBase64(bytes) }));
    const typed = terminal.onData((text) => input.push(new TextEncoder().encode(text)));
    const sized = terminal.onResize(() => {
      if (id !== '') client.terminal.resize.mutate({ id, size: toSize() }).catch(() => {});
    });
    const watch = new ResizeObserver(() => screen.fit());
    watch.observe(place.current);

    const onData = (event: TerminalEvent) => {
      if (event.kind === 'opened') {
        id = event.id;
        setState({ kind: 'open', command: event.command });
        terminal.focus();
      } else if (event.kind === 'output') {
        const bytes = fromBase64(event.bytes);
        const ofTerminal = id;
        // More is sent when this was drawn: an endless output must not fill the window's memory.
        terminal.write(bytes, () => {
          client.terminal.acknowledge.mutate({ id: ofTerminal, bytes: bytes.length }).catch(() => {});
        });
      } else {
        setState({ kind: 'ended', words: sayEnd(event) });
      }
    };
    const subscription = client.terminal.open.subscribe(
      { environment, service, container, size: toSize(), ...(confirm === undefined ? {} : { confirm }) },
      { onData, onError: (error) => setState({ kind: 'failed', problem: problemOf(error) }) },
    );
    // When the host is back, the subscription would be asked for again, and with it another shell that nobody asked for.
    const stopWatching = useConnection.subscribe(({ connection }) => {
      if (connection.state !== 'lost') return;
      subscription.unsubscribe();
      setState({ kind: 'ended', words: 'Ended: the connection to the host was lost.' });
    });
    return () => {
      stopWatching();
      subscription.unsubscribe();
      watch.disconnect();
      typed.dispose();
      sized.dispose();
      screen.dispose();
      screenRef.current = null;
    };
  }, [client]);

  const scheme = useComputedColorScheme();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the scheme decides what the tokens are
  useEffect(() => screenRef.current?.recolour(), [scheme]);
  return { place, state };
}

function sayEnd({ exitCode, reason }: Extract<TerminalEvent, { kind: 'ended' }>): string {
  return exitCode === null ? `Ended: ${reason}.` : `Ended with exit code ${exitCode}.`;
}
