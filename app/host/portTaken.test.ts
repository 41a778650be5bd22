import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { describePortHolder } from './portTaken.ts';
import { writeRuntimeFile } from './runtimeFile.ts';
import { startTestHost, temporaryFolder } from './test/startTestHost.ts';

test('a host of the same user is named with its process and how to open it', async () => {
  const folder = `${temporaryFolder()}/run`;
  const pid = process.pid;
  writeRuntimeFile(folder, { url: 'http://127.0.0.1:7001', port: 7001, pid, token: 't', startedAt: 1, version: '1' });
  expect(await describePortHolder(7001, folder)).toContain(
    `another Gatehouse (pid ${pid}) holds it; \`gatehouse code --port 7001\``,
  );
});

test('a host of somebody else is known by its answer', async () => {
  const host = await startTestHost();
  expect(await describePortHolder(host.port, temporaryFolder())).toContain('another Gatehouse holds it');
});

test('of another program its name, or the command that names it, is told, even when it does not answer', async () => {
  const mute = createServer(() => undefined);
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void mute.close());
  const { port } = mute.address() as { port: number };
  expect(await describePortHolder(port, temporaryFolder())).toMatch(
    new RegExp(`\\(pid ${process.pid}\\) holds it|another program holds it; .*:${port}`),
  );
});
