import { expect, test } from 'vitest';
import { openRequest, readAnswer } from './engineHttp.ts';
import { type EngineUnderTest, toQuery } from './engineUnderTest.ts';
import { onEachEngine } from './onEachEngine.ts';
import { fromTar, toTar } from './tar.ts';

onEachEngine('a network', (engine) => {
  test('has members with aliases, and cannot be removed while they run', async () => {
    const n = engine.name('n');
    const more = engine.name('more');
    const create = (Name: string) =>
      engine.call('POST', '/networks/create', { Name, CheckDuplicate: true, Labels: { a: 'b' } });
    expect((await create(n)).status).toBe(201);
    expect((await create(n)).status).toBe(409);
    await create(more);
    const id = await engine.run('a', {
      HostConfig: { NetworkMode: n },
      NetworkingConfig: { EndpointsConfig: { [n]: { Aliases: ['search'] } } },
    });
    const network = (await engine.call('GET', `/networks/${n}`)).body;
    expect(network).toMatchObject({ Name: n, Driver: 'bridge', Scope: 'local', Internal: false, Labels: { a: 'b' } });
    expect(network.Containers[id].Name).toBe(engine.name('a'));
    const { Networks } = (await engine.inspect(id)).NetworkSettings;
    expect(Networks[n]).toMatchObject({ NetworkID: network.Id, Aliases: expect.arrayContaining(['search']) });
    expect(Networks[n].IPAddress).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    expect((await engine.call('DELETE', `/networks/${n}`)).status).toBe(403);

    const since = Date.now();
    const body = { Container: id, EndpointConfig: { Aliases: ['finder'] } };
    const at = async (name: string, verb: string) =>
      (await engine.call('POST', `/networks/${name}/${verb}`, body)).status;
    expect(await at(more, 'connect')).toBe(200);
    expect(await at(more, 'connect')).toBe(403);
    const joined = (await engine.inspect(id)).NetworkSettings.Networks;
    expect(Object.keys(joined).sort()).toEqual([n, more].sort());
    expect(joined[more].Aliases).toContain('finder');
    expect(await at(more, 'disconnect')).toBe(200);
    const events = await engine.rawEvents({ type: ['network'], network: [more] }, since);
    // Docker 20.10 tells of one disconnection twice.
    expect([...new Set(events.map(({ Action, Actor }) => `${Action} ${Actor.Attributes.container}`))]).toEqual([
      `connect ${id}`,
      `disconnect ${id}`,
    ]);
    expect(await at(more, 'disconnect')).toBe(500);
    expect(await at(engine.name('nope'), 'connect')).toBe(404);

    await engine.call('POST', `/containers/${id}/stop?t=20`);
    expect((await engine.call('GET', `/networks/${n}`)).body.Containers).toEqual({});
    expect((await engine.call('DELETE', `/networks/${n}`)).status).toBe(204);
    expect((await engine.call('GET', `/networks/${n}`)).status).toBe(404);
  });

  test('that no container has is pruned; those that the engine brings stay', async () => {
    const used = engine.name('used');
    const unused = engine.name('unused');
    const Labels = { [engine.name('label')]: '1' };
    for (const Name of [used, unused]) await engine.call('POST', '/networks/create', { Name, Labels });
    await engine.run('a', { HostConfig: { NetworkMode: used } });
    const filters = toQuery({ label: [`${engine.name('label')}=1`] });
    const { status, body } = await engine.call('POST', `/networks/prune?filters=${filters}`);
    expect([status, body.NetworksDeleted]).toEqual([200, [unused]]);
    expect((await engine.call('DELETE', '/networks/bridge')).status).toBe(403);
  });
});

const put = async (engine: EngineUnderTest, id: string, path: string, body: Buffer) =>
  readAnswer(
    await openRequest(engine.socketPath, 'PUT', `/containers/${id}/archive?path=${encodeURIComponent(path)}`, { body }),
  );

onEachEngine('a volume', (engine) => {
  test('is made by name, once, and held by its containers', async () => {
    const v = engine.name('v');
    const Labels = { a: 'b' };
    const created = await engine.call('POST', '/volumes/create', { Name: v, Labels });
    expect(created).toMatchObject({ status: 201, body: { Name: v, Driver: 'local', Scope: 'local', Labels } });
    expect((await engine.call('POST', '/volumes/create', { Name: v })).body).toEqual(created.body);
    expect((await engine.call('POST', '/volumes/create', { Name: 'bad name' })).status).toBe(400);

    const auto = engine.name('auto');
    const since = Date.now();
    const id = await engine.run('a', {
      Volumes: { '/bare': {} },
      HostConfig: { Binds: [`${v}:/data:ro`, `${auto}:/auto`], Mounts: [{ Type: 'volume', Target: '/mount' }] },
    });
    const { Mounts } = await engine.inspect(id);
    const at = (target: string) => Mounts.find((one: { Destination: string }) => one.Destination === target);
    expect(at('/data')).toEqual({
      Type: 'volume',
      Name: v,
      Source: created.body.Mountpoint,
      Destination: '/data',
      Driver: 'local',
      Mode: 'ro',
      RW: false,
      Propagation: '',
    });
    expect(at('/auto')).toMatchObject({ Name: auto, RW: true });
    expect(at('/bare').Name).toMatch(/^[0-9a-f]{64}$/);
    expect(at('/mount').Name).toMatch(/^[0-9a-f]{64}$/);
    const refused = await engine.call('DELETE', `/volumes/${v}`);
    expect(refused).toMatchObject({ status: 409, body: { message: `remove ${v}: volume is in use - [${id}]` } });

    await engine.call('DELETE', `/containers/${id}?force=1&v=1`);
    expect((await engine.call('GET', `/volumes/${auto}`)).status).toBe(200);
    expect((await engine.call('GET', `/volumes/${at('/bare').Name}`)).status).toBe(404);
    expect((await engine.call('DELETE', `/volumes/${v}`)).status).toBe(204);
    expect((await engine.call('DELETE', `/volumes/${v}`)).status).toBe(404);
    // Docker tells of a volume's creation again whenever someone asks for it by name.
    const event = ['mount', 'unmount', 'destroy'];
    const events = await engine.rawEvents({ type: ['volume'], volume: [v], event }, since);
    expect(events.map(({ Action, Actor }) => [Action, Actor.Attributes['read/write']])).toEqual([
      ['mount', 'false'],
      ['unmount', undefined],
      ['destroy', undefined],
    ]);
  });

  test('without a name and a user is pruned', async () => {
    const Labels = { [engine.name('label')]: '1' };
    const { Name } = (await engine.call('POST', '/volumes/create', { Labels })).body;
    expect(Name).toMatch(/^[0-9a-f]{64}$/);
    const filters = toQuery({ label: [`${engine.name('label')}=1`] });
    const listed = await engine.call('GET', `/volumes?filters=${filters}`);
    expect(listed.body.Volumes.map((one: { Name: string }) => one.Name)).toEqual([Name]);
    const pruned = await engine.call('POST', `/volumes/prune?filters=${filters}`);
    expect(pruned).toMatchObject({ status: 200, body: { VolumesDeleted: [Name] } });
  });

  test('takes files in and gives them out as archives', async () => {
    const id = await engine.create('a', {
      HostConfig: { Binds: [`${engine.name('v')}:/data`, `${engine.name('r')}:/fixed:ro`] },
    });
    const long = `${'long-'.repeat(40)}name.txt`;
    const files = { 'a.txt': 'hello', 'sub/b.txt': 'x'.repeat(1_500), [`sub/${long}`]: 'reached' };
    const get = (path: string) => engine.call('GET', `/containers/${id}/archive?path=${encodeURIComponent(path)}`);
    expect((await put(engine, id, '/data', toTar(files))).status).toBe(200);
    expect(fromTar((await get('/data/.')).bytes)).toEqual(files);
    const inFolder = Object.fromEntries(Object.entries(files).map(([name, content]) => [`data/${name}`, content]));
    expect(fromTar((await get('/data')).bytes)).toEqual(inFolder);
    const one = await get('/data/sub/../a.txt');
    expect(fromTar(one.bytes)).toEqual({ 'a.txt': 'hello' });
    const stat = JSON.parse(Buffer.from(String(one.headers['x-docker-container-path-stat']), 'base64').toString());
    expect(stat).toMatchObject({ name: 'a.txt', size: 5, linkTarget: '' });
    const head = await engine.call('HEAD', `/containers/${id}/archive?path=/data`);
    expect(head).toMatchObject({ status: 200, text: '' });
    const folder = JSON.parse(Buffer.from(String(head.headers['x-docker-container-path-stat']), 'base64').toString());
    // The bit of Go's os.ModeDir.
    expect(folder.mode & 0x80000000).not.toBe(0);

    expect((await get('/data/nope')).status).toBe(404);
    expect((await get('')).status).toBe(400);
    expect((await put(engine, id, '/nowhere', toTar(files))).status).toBe(404);
    expect((await put(engine, id, '/fixed', toTar(files))).status).toBeGreaterThanOrEqual(400);
    expect((await put(engine, id, '/data/a.txt', toTar(files))).status).toBeGreaterThanOrEqual(400);
    expect((await put(engine, id, '/data', Buffer.from('no archive '.repeat(100)))).status).toBeGreaterThanOrEqual(400);
    const outward = toTar({ 'evil.txt': 'out' }, 's,^,../,');
    expect((await put(engine, id, '/data/sub', outward)).status).toBeGreaterThanOrEqual(400);
    expect((await get('/data/evil.txt')).status).toBe(404);
  });
});
