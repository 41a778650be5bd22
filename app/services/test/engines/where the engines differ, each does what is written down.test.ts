// The rows of docs/sandbox.md: what a process of this machine cannot be, or what the sandbox says sooner and plainer.
import { describe, expect, test } from 'vitest';
import { hijack } from './engineHttp.ts';
import { type EngineUnderTest, IMAGE } from './engineUnderTest.ts';
import { onEachEngine } from './onEachEngine.ts';

const SECOND = 1_000_000_000;

interface Difference {
  what: string;
  ask(engine: EngineUnderTest): Promise<unknown>;
  sandbox: unknown;
  dockerd: unknown;
}

const messageOf = (body: { message?: string } | undefined) => body?.message ?? '';

async function exec(engine: EngineUnderTest, Cmd: string[]) {
  const id = await engine.run('a');
  const { body } = await engine.call('POST', `/containers/${id}/exec`, { Cmd, AttachStdout: true });
  const start = () => hijack(engine.socketPath, `/exec/${body.Id}/start`, { body: { Detach: false } });
  const first = await start();
  const { ExitCode } = await engine.call('GET', `/exec/${body.Id}/json`).then((answer) => answer.body);
  return { start, text: first.bytes.toString(), exitCode: ExitCode };
}

const DIFFERENCES: Difference[] = [
  {
    what: 'a path that is not provided is 501 with a sentence',
    ask: async (engine) => (await engine.call('GET', '/no/such/path')).status,
    sandbox: 501,
    dockerd: 404,
  },
  {
    what: 'an image that nobody has is a stand-in, and labelled so',
    ask: async (engine) => {
      const body = { Image: 'nobody/has-this:1', Labels: engine.labels };
      const { status } = await engine.call('POST', `/containers/create?name=${engine.name('a')}`, body);
      if (status !== 201) return status;
      return (await engine.inspect(engine.name('a'))).Config.Labels['gatehouse.stand-in'];
    },
    sandbox: 'has-this',
    dockerd: 404,
  },
  {
    what: 'a network that is not there is refused when the container is made, not when it starts',
    ask: async (engine) => {
      const body = { Image: IMAGE, Labels: engine.labels, HostConfig: { NetworkMode: engine.name('nope') } };
      return (await engine.call('POST', `/containers/create?name=${engine.name('a')}`, body)).status;
    },
    sandbox: 404,
    dockerd: 201,
  },
  {
    what: 'a network says that nothing enforces it',
    ask: async (engine) => {
      const Name = engine.name('n');
      await engine.call('POST', '/networks/create', { Name, Internal: true });
      const { Internal, Labels } = (await engine.call('GET', `/networks/${Name}`)).body;
      return [Internal, Labels['gatehouse.sandbox.enforced']];
    },
    sandbox: [true, 'false'],
    dockerd: [true, undefined],
  },
  {
    what: 'a port is published on this machine alone, whatever address is asked for, with a warning',
    ask: async (engine) => {
      const HostConfig = { PortBindings: { '8002/tcp': [{ HostIp: '0.0.0.0', HostPort: '' }] } };
      const body = {
        Image: IMAGE,
        Cmd: ['search'],
        Labels: engine.labels,
        ExposedPorts: { '8002/tcp': {} },
        HostConfig,
      };
      const created = await engine.call('POST', `/containers/create?name=${engine.name('a')}`, body);
      await engine.start(created.body.Id);
      const { Ports } = (await engine.inspect(created.body.Id)).NetworkSettings;
      return [Ports['8002/tcp'][0].HostIp, created.body.Warnings.length];
    },
    sandbox: ['127.0.0.1', 1],
    dockerd: ['0.0.0.0', 0],
  },
  {
    what: 'an exec has few commands; a program of the image is none of them',
    ask: async (engine) => {
      const { text, exitCode } = await exec(engine, ['ls', '/']);
      return [exitCode, text.includes('sandbox: ls is not available here')];
    },
    sandbox: [126, true],
    dockerd: [0, false],
  },
  {
    what: 'a shell takes single words, and refuses a line of more',
    ask: async (engine) => (await exec(engine, ['sh', '-c', 'echo a | cat'])).exitCode,
    sandbox: 2,
    dockerd: 0,
  },
  {
    what: 'an exec that was started before is refused as such, before the connection leaves HTTP',
    ask: async (engine) => (await (await exec(engine, ['true'])).start()).statusLine.split(' ')[1],
    sandbox: '409',
    dockerd: '101',
  },
  {
    what: 'a container has no files but those that are mounted',
    ask: async (engine) => {
      const id = await engine.create('a');
      const { status, body } = await engine.call('GET', `/containers/${id}/archive?path=/etc/hostname`);
      return [status, messageOf(body).includes('no file system of its own')];
    },
    sandbox: [404, true],
    dockerd: [200, false],
  },
  {
    what: 'the bytes of a network are not counted',
    ask: async (engine) => {
      const { body } = await engine.call('GET', `/containers/${await engine.run('a')}/stats?stream=0&one-shot=1`);
      return 'networks' in body;
    },
    sandbox: false,
    dockerd: true,
  },
  {
    what: 'a limit cannot be set',
    ask: async (engine) => {
      const id = await engine.run('a');
      return (await engine.call('POST', `/containers/${id}/update`, { CpuShares: 512 })).status;
    },
    sandbox: 501,
    dockerd: 200,
  },
  {
    what: 'the first probe of health does not wait for an interval',
    ask: async (engine) => {
      const Healthcheck = { Test: ['CMD', 'probe', 'http://localhost:8002/health'], Interval: 3 * SECOND };
      const id = await engine.create('a', { Healthcheck });
      await engine.start(id);
      const { State } = await engine.until(id, (one) => one.State.Health.Log.length > 0);
      return Date.parse(State.Health.Log[0].Start) - Date.parse(State.StartedAt) < 2_500;
    },
    sandbox: true,
    dockerd: false,
  },
  {
    what: 'a probe runs no command, so that no exec is told of it',
    ask: async (engine) => {
      const since = Date.now();
      const id = await engine.create('a', {
        Healthcheck: { Test: ['CMD', 'probe', 'http://localhost:8002/health'], Interval: SECOND },
      });
      await engine.start(id);
      await engine.until(id, ({ State }) => State.Health.Status === 'healthy');
      const events = await engine.rawEvents({ container: [id] }, since);
      return events.some(({ Action }) => Action.startsWith('exec_'));
    },
    sandbox: false,
    dockerd: true,
  },
];

onEachEngine('a difference', (engine) => {
  test.each(DIFFERENCES)('$what', async (difference) => {
    expect(await difference.ask(engine)).toEqual(difference[engine.kind]);
  });
});

describe('the list', () => {
  test('has only what differs', () => {
    expect(DIFFERENCES.filter(({ sandbox, dockerd }) => JSON.stringify(sandbox) === JSON.stringify(dockerd))).toEqual(
      [],
    );
  });
});
