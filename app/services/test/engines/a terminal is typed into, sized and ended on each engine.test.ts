import { expect, onTestFinished, test, vi } from 'vitest';
import type { TerminalEvent } from '../../../contract/index.ts';
import { createEngine } from '../../docker/engine.ts';
import { findShell } from '../../terminal/findShell.ts';
import { openTerminal, type Terminal, type TerminalOptions } from '../../terminal/terminal.ts';
import type { EngineUnderTest } from './engineUnderTest.ts';
import { onEachEngine } from './onEachEngine.ts';

const until = <T>(check: () => T | Promise<T>) => vi.waitFor(check, { timeout: 20_000, interval: 20 });

interface Viewer {
  readonly terminal: Terminal;
  readonly events: TerminalEvent[];
  text(channel?: 'stdout' | 'stderr'): string;
  leave(): void;
  readonly done: Promise<void>;
}

async function view(engine: EngineUnderTest, container: string, given: Partial<TerminalOptions> = {}): Promise<Viewer> {
  const client = createEngine({ kind: 'socket', path: engine.socketPath });
  onTestFinished(() => client.close());
  const options = { engine: client, container, containerName: 'a', size: { columns: 80, rows: 24 }, ...given };
  const command = given.command ?? [await findShell(client, container, 'a')];
  const terminal = await openTerminal({ ...options, command });
  const leaving = new AbortController();
  const events: TerminalEvent[] = [];
  const done = (async () => {
    for await (const event of terminal.events(leaving.signal)) events.push(event);
  })();
  const text = (channel = 'stdout') =>
    events
      .map((event) =>
        event.kind === 'output' && event.channel === channel ? Buffer.from(event.bytes, 'base64').toString() : '',
      )
      .join('');
  return { terminal, events, text, leave: () => leaving.abort(), done };
}

const running = async (engine: EngineUnderTest, id: string): Promise<number> =>
  ((await engine.inspect(id)).ExecIDs ?? []).length;

onEachEngine('a terminal', (engine) => {
  test('has the shell that is there, is typed into, resized, and tells the exit code', async () => {
    const { terminal, events, text, done } = await view(engine, await engine.run('a'));
    await terminal.resize({ columns: 133, rows: 41 });
    terminal.write(Buffer.from('echo reached\rstty size\r'), false);
    // What was typed has a blank before it; some shells write control sequences before what they answer.
    await until(() => expect(text()).toMatch(/[\r\n]reached\r\n/));
    await until(() => expect(text()).toMatch(/\b41 133\r\n/));
    terminal.write(Buffer.from('exit 7\r'), false);
    await done;
    expect(events[0]).toMatchObject({ kind: 'opened', container: 'a', command: [expect.stringMatching(/^\/bin\//)] });
    expect(events.at(-1)).toMatchObject({ kind: 'ended', exitCode: 7 });
  });

  test('ends what runs in it when its viewer leaves', async () => {
    const id = await engine.run('a');
    const { terminal, text, leave, done } = await view(engine, id);
    await until(() => expect(text()).not.toBe(''));
    terminal.write(Buffer.from('sleep 300\r'), false);
    await until(() => expect(text()).toContain('sleep 300'));
    leave();
    await done;
    await until(async () => expect(await running(engine, id)).toBe(0));
  });

  test('sends no more than its viewer has shown', async () => {
    const bytes = 'x'.repeat(100);
    const command = ['env'];
    const id = await engine.run('a', {
      Env: Array.from({ length: 900 }, (_, index) => `LONG_${index}=${bytes.repeat(10)}`),
    });
    const { terminal, events, text, leave, done } = await view(engine, id, { command, size: null });
    await until(() => expect(text().length).toBeGreaterThan(512 * 1024));
    const held = text().length;
    expect(held).toBeLessThan(900 * 1000);
    for (let shown = 0; !events.some(({ kind }) => kind === 'ended'); ) {
      const all = text().length;
      if (all > shown) terminal.acknowledge(all - shown);
      shown = all;
      await new Promise((resolve) => setImmediate(resolve));
    }
    leave();
    await done;
    expect(text().length).toBeGreaterThan(900 * 1000);
    expect(events.at(-1)).toMatchObject({ kind: 'ended', exitCode: 0 });
  });

  test('without a terminal has its errors apart', async () => {
    const { text, done } = await view(engine, await engine.run('a'), { command: ['cat', '/no/such/file'], size: null });
    await done;
    expect(text('stderr')).toContain('/no/such/file');
    expect(text()).toBe('');
  });

  test('in an image without a shell is refused with what helps', async () => {
    const client = createEngine({ kind: 'socket', path: engine.socketPath });
    onTestFinished(() => client.close());
    const id = await engine.run('a');
    const bare = { ...client, exec: () => client.exec(id, ['/no/such/shell']) };
    await expect(findShell(bare, id, 'a')).rejects.toMatchObject({
      code: 'terminal-failed',
      message: 'a has no shell: neither /bin/bash nor /bin/sh can be run in it.',
    });
  });
});
