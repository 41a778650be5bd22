import { expect, test } from 'vitest';
import { parseFrames, readAnswer, textOf } from './engineHttp.ts';
import { type EngineUnderTest, PUBLISHED } from './engineUnderTest.ts';
import { onEachEngine } from './onEachEngine.ts';

/** Has the service write a line that names `word`, and waits until the engine has it. */
async function say(engine: EngineUnderTest, id: string, word: string): Promise<void> {
  await fetch(`${await engine.address(id)}/${word}`);
  await expect.poll(async () => messagesOf(await logs(engine, id, 'stdout=1'))).toContain(`GET /${word} 404`);
}

const logs = async (engine: EngineUnderTest, id: string, query: string) =>
  parseFrames((await engine.call('GET', `/containers/${id}/logs?${query}`)).bytes);

const messagesOf = (frames: { text: string }[]) =>
  frames.map(({ text }) => JSON.parse(text.slice(text.indexOf('{'))).message);

onEachEngine('a log', (engine) => {
  test('comes in frames, as many from the end as are asked for, with their times', async () => {
    const id = await engine.run('a', PUBLISHED);
    for (const word of ['one', 'two', 'three']) await say(engine, id, word);
    const lines = ['ready', 'GET /one 404', 'GET /two 404', 'GET /three 404'];
    expect(messagesOf(await logs(engine, id, 'stdout=1&stderr=1'))).toEqual(lines);
    expect(messagesOf(await logs(engine, id, 'stdout=1&tail=all'))).toEqual(lines);
    expect(messagesOf(await logs(engine, id, 'stdout=1&tail=2'))).toEqual(lines.slice(2));
    expect(await logs(engine, id, 'stdout=1&tail=0')).toEqual([]);
    expect(await logs(engine, id, 'stderr=1')).toEqual([]);

    const stamped = await logs(engine, id, 'stdout=1&timestamps=1');
    const times = stamped.map(({ text }) => text.slice(0, text.indexOf(' ')));
    expect(times.every((time) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/.test(time))).toBe(true);
    expect(times.toSorted()).toEqual(times);
    // From the third line on, at the time that the line itself shows.
    const [seconds, fraction] = [Math.floor(Date.parse(times[2] ?? '') / 1_000), times[2]?.slice(20, 29)];
    expect(messagesOf(await logs(engine, id, `stdout=1&since=${seconds}.${fraction}`))).toEqual(lines.slice(2));
    expect(messagesOf(await logs(engine, id, `stdout=1&until=${seconds}.${fraction}`))).toEqual(lines.slice(0, 3));
    expect((await engine.call('GET', `/containers/${id}/logs`)).status).toBe(400);
  });

  test('is followed until its container ends', async () => {
    const id = await engine.run('a', PUBLISHED);
    const stream = await engine.request('GET', `/containers/${id}/logs?stdout=1&follow=1&tail=1`);
    const whole = readAnswer(stream);
    await say(engine, id, 'while-followed');
    await engine.call('POST', `/containers/${id}/stop?t=20`);
    const frames = parseFrames((await whole).bytes);
    expect(messagesOf(frames)).toEqual(['ready', 'GET /while-followed 404', 'ending on SIGTERM']);
    expect(frames.every(({ channel }) => channel === 1)).toBe(true);
  });

  test('keeps what was said to stderr apart', async () => {
    const id = await engine.create('a', { Cmd: ['no-such-role'] });
    await engine.start(id);
    await engine.until(id, ({ State }) => State.Status === 'exited');
    const frames = await logs(engine, id, 'stdout=1&stderr=1');
    expect(textOf(frames, 2)).toContain('role "no-such-role" is not known');
    expect(textOf(frames, 1)).toBe('');
    expect(await logs(engine, id, 'stdout=1')).toEqual([]);
    // One that has ended has nothing more to follow.
    expect(textOf(await logs(engine, id, 'stderr=1&follow=1'), 2)).toContain('no-such-role');
  });

  test('of a container with a terminal is not framed', async () => {
    const id = await engine.run('a', { Tty: true });
    const { text } = await engine.call('GET', `/containers/${id}/logs?stdout=1`);
    expect(text).toMatch(/^\{.*"ready".*\}\r?\n$/);
  });
});
