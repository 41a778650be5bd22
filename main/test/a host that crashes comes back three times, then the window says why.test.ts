import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isGone, readPage, readPid, shownPage, startTestDesktop, type TestDesktop } from './startTestDesktop.ts';

/** Ends the host as a crash does, and waits for what the window shows then. */
async function crash({ electron }: TestDesktop, kind: 'http:' | 'data:'): Promise<string> {
  const shown = electron.window.contents.url;
  const pid = await readPid(shown);
  const loads = electron.named('window.loadURL').length;
  await fetch(new URL('/crash', shown)).catch(() => undefined);
  await isGone(pid);
  if (kind === 'data:') return await shownPage(electron, kind);
  // The address may be the same as before, since the host asks for its port again, so a later load must have arrived.
  const isShown = () => {
    const later = electron.named('window.loadURL').slice(loads);
    return later.length > 0 && later.at(-1)?.[0] === electron.window.contents.url;
  };
  await expect.poll(isShown, { timeout: 10_000 }).toBe(true);
  return electron.window.contents.url;
}

test('three crashes are mended, each at the place where the window was; the fourth is explained', async () => {
  const desktop = startTestDesktop();
  const { electron, ports, folder } = desktop;
  const first = new URL(await shownPage(electron, 'http:'));
  electron.window.contents.url = new URL('/env/a~b/traffic?filter=status:5xx', first).href;
  for (let time = 1; time <= 3; time += 1) {
    const url = await crash(desktop, 'http:');
    expect(url).toMatch(/\/env\/a~b\/traffic\?filter=status:5xx#code=ABCD-EFGH$/);
  }
  // The first host took any port, those after it the same one, so that what the page stored is found.
  expect(ports).toEqual([0, Number(first.port), Number(first.port), Number(first.port)]);

  const page = readPage(await crash(desktop, 'data:'));
  expect(page).toContain('The host of the console has ended.');
  expect(page).toContain('<dt>Exit code</dt><dd>1</dd>');
  expect(page).toContain('Restarted 3 times');
  expect(page).toContain('out of &lt;b&gt;memory&lt;/b&gt;');
  expect(page).toContain(join(folder, 'logs', 'host.log'));
  expect(ports).toHaveLength(4);
  expect(readFileSync(join(folder, 'logs', 'host.log'), 'utf8')).toBe('out of <b>memory</b>\n'.repeat(4));
  expect(desktop.echoed()).toContain('out of <b>memory</b>');
});

test('from the failure page the host is started again, the log folder shown, the program ended', async () => {
  const desktop = startTestDesktop({ parts: { policy: { delaysMs: [], healthyMs: 60_000 } } });
  const { electron, folder } = desktop;
  await shownPage(electron, 'http:');
  const failure = await crash(desktop, 'data:');
  const frame = { url: failure, parent: null };

  await electron.invoke('gatehouse:openLogFolder', frame);
  expect(electron.named('shell.openPath')).toEqual([[join(folder, 'logs')]]);
  await expect(electron.invoke('gatehouse:setAppearance', frame, 'light')).rejects.toThrow('may not call');
  await expect(electron.invoke('gatehouse:quit', { ...frame, url: `${failure}#` })).rejects.toThrow('may not call');

  await electron.invoke('gatehouse:restartHost', frame);
  await shownPage(electron, 'http:');
  // The page that is gone has lost its say.
  await expect(electron.invoke('gatehouse:quit', frame)).rejects.toThrow('may not call quit');

  const again = await crash(desktop, 'data:');
  await electron.invoke('gatehouse:quit', { url: again, parent: null });
  await expect.poll(() => electron.named('app.exit')).toEqual([[0]]);
});

test('while no host runs, whatever answers at its address is not let in', async () => {
  const desktop = startTestDesktop({ parts: { policy: { delaysMs: [], healthyMs: 60_000 } } });
  const { electron } = desktop;
  const url = await shownPage(electron, 'http:');
  const details = { url, resourceType: 'mainFrame' as const, responseHeaders: await headersOf(url) };
  expect(await electron.session.isRefused(details)).toBe(false);
  await crash(desktop, 'data:');
  expect(await electron.session.isRefused(details)).toBe(true);
  expect(electron.window.contents.tries('will-navigate', url)).toBe(false);
});

async function headersOf(url: string): Promise<Record<string, string[]>> {
  const { headers } = await fetch(url);
  return Object.fromEntries([...headers].map(([name, value]) => [name, [value]]));
}

test('a host that never gets ready is tried as often, and its hostile last words are text', async () => {
  const { electron, ports } = startTestDesktop({ mode: 'dies-early' });
  const page = readPage(await shownPage(electron, 'data:'));
  expect(ports).toEqual([0, 0, 0, 0]);
  expect(page).toContain('&lt;script&gt;alert(&quot;the reason&quot;)&lt;/script&gt;');
  expect(page.match(/<script>/g)).toHaveLength(1);
  expect(electron.window.state.isShown).toBe(true);
});

test('wrong use is explained at once, since another try does not mend it', async () => {
  const { electron, ports } = startTestDesktop({ mode: 'wrong-use' });
  const page = readPage(await shownPage(electron, 'data:'));
  expect(ports).toEqual([0]);
  expect(page).toContain('Not restarted');
  expect(page).toContain('--stack /nowhere is not there');
});

test('a Node that is not there is named', async () => {
  const commandOf = () => ({ node: '/nowhere/node', args: [] });
  const { electron } = startTestDesktop({ parts: { commandOf } });
  expect(readPage(await shownPage(electron, 'data:'))).toContain('cannot run /nowhere/node');
});

test('a page with a weak policy is not shown, and the way back loads it again', async () => {
  const { electron } = startTestDesktop({ mode: 'weak-policy' });
  const failure = await shownPage(electron, 'data:');
  const page = readPage(failure);
  expect(page).toContain('its content security policy lacks frame-ancestors');
  expect(page).not.toContain('ABCD-EFGH');
  const loads = electron.named('window.loadURL').length;
  await electron.invoke('gatehouse:restartHost', { url: failure, parent: null });
  await expect.poll(() => electron.named('window.loadURL').length).toBe(loads + 2);
});

test('a page whose process ends is loaded again three times, then it is explained', async () => {
  const { electron } = startTestDesktop();
  await shownPage(electron, 'http:');
  const { contents } = electron.window;
  const gone = { reason: 'oom', exitCode: 5 };
  for (let time = 1; time <= 3; time += 1) {
    contents.emit('render-process-gone', {}, gone);
    await expect.poll(() => electron.named('contents.reload').length).toBe(time);
  }
  contents.emit('render-process-gone', {}, gone);
  const page = readPage(await shownPage(electron, 'data:'));
  expect(page).toContain('The page of the console has ended.');
  expect(page).toContain('<dd>oom</dd>');
});

test('an address that cannot be loaded is explained, without the code that is in it', async () => {
  const { electron } = startTestDesktop({ mode: 'not-listening' });
  const page = readPage(await shownPage(electron, 'data:'));
  expect(page).toContain('The console could not be shown.');
  expect(page).toContain('ERR_CONNECTION_REFUSED');
  expect(page).toContain('http://127.0.0.1:1/');
  expect(page).not.toContain('ABCD-EFGH');
});
