// Names are asked for at a real DNS server, as small as it can be.
import { createSocket, type RemoteInfo } from 'node:dgram';
import { expect, onTestFinished, test } from 'vitest';
import { createNameResolver, type NameAnswer } from '../resolve/names.ts';
import { eventually } from '../test/fixture.ts';
import { watchName } from './dnsWatch.ts';

interface Records {
  a?: string[];
  aaaa?: string[];
  ttl?: number;
  /** 2 is SERVFAIL, 3 is NXDOMAIN. */
  code?: number;
}

/** Answers every question of type A and AAAA with what `records` says at that moment. */
async function startDns(records: () => Records): Promise<{ server: string }> {
  const socket = createSocket('udp4');
  socket.on('message', (query: Buffer, from: RemoteInfo) =>
    socket.send(toAnswer(query, records()), from.port, from.address),
  );
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  onTestFinished(() => void socket.close());
  return { server: `127.0.0.1:${socket.address().port}` };
}

function toAnswer(query: Buffer, { a = [], aaaa = [], ttl = 60, code = 0 }: Records): Buffer {
  const end = query.indexOf(0, 12) + 5;
  const type = query.readUInt16BE(end - 4);
  const data = type === 1 ? a.map(toFourBytes) : aaaa.map(toSixteenBytes);
  const head = Buffer.from(query.subarray(0, 12));
  head.writeUInt16BE(0x8180 | code, 2);
  head.writeUInt16BE(code === 0 ? data.length : 0, 6);
  head.writeUInt32BE(0, 8);
  const records = data.map((bytes) => {
    const record = Buffer.alloc(12 + bytes.length);
    record.writeUInt16BE(0xc00c, 0);
    record.writeUInt16BE(type, 2);
    record.writeUInt16BE(1, 4);
    record.writeUInt32BE(ttl, 6);
    record.writeUInt16BE(bytes.length, 10);
    bytes.copy(record, 12);
    return record;
  });
  return Buffer.concat([head, query.subarray(12, end), ...(code === 0 ? records : [])]);
}

const toFourBytes = (address: string) => Buffer.from(address.split('.').map(Number));
const toSixteenBytes = (last: string) => Buffer.concat([Buffer.alloc(15), Buffer.from([Number(last.slice(2))])]);

test('every A and AAAA record is an address, once, in a stable order, as long as the shortest is valid', async () => {
  const { server } = await startDns(() => ({ a: ['10.0.0.2', '10.0.0.1', '10.0.0.2'], aaaa: ['::1'], ttl: 7 }));
  const resolveName = createNameResolver({ servers: [server] });
  expect(await resolveName('tasks.app')).toEqual({ addresses: ['10.0.0.1', '10.0.0.2', '::1'], ttlMs: 7_000 });
  expect(await resolveName('10.9.9.9')).toEqual({ addresses: ['10.9.9.9'], ttlMs: null });
});

test('a name without addresses is an error', async () => {
  const { server } = await startDns(() => ({ code: 3 }));
  await expect(createNameResolver({ servers: [server] })('app')).rejects.toMatchObject({ code: 'ENOTFOUND' });
});

test('what DNS does not know the system may', async () => {
  const { addresses } = await createNameResolver()('localhost');
  expect(addresses.some((address) => address === '127.0.0.1' || address === '::1')).toBe(true);
});

test('a name is asked for again and again; a failure is told and changes nothing', async () => {
  let records: Records = { a: ['10.0.0.1'] };
  const { server } = await startDns(() => records);
  const answers: NameAnswer[] = [];
  const failures: unknown[] = [];
  const watch = watchName({
    policy: { name: 'app', port: 1, refreshMs: 100 },
    resolveName: createNameResolver({ servers: [server] }),
    onAnswer: (answer) => void answers.push(answer),
    onFailure: (error) => void failures.push(error),
  });
  onTestFinished(watch.stop);
  await eventually(() => answers.at(-1)?.addresses.join() === '10.0.0.1');
  records = { a: ['10.0.0.1', '10.0.0.2'] };
  await eventually(() => answers.at(-1)?.addresses.join() === '10.0.0.1,10.0.0.2');
  records = { code: 3 };
  const { length } = answers;
  await eventually(() => failures.length > 0);
  records = { a: ['10.0.0.3'] };
  await eventually(() => answers.length > length);
  expect(answers.at(-1)?.addresses).toEqual(['10.0.0.3']);
});

test('after stop nobody is asked', async () => {
  const { server } = await startDns(() => ({ a: ['10.0.0.1'] }));
  const resolveName = createNameResolver({ servers: [server] });
  const asked = { stopped: 0, other: 0 };
  const watch = (who: keyof typeof asked) =>
    watchName({
      policy: { name: 'app', port: 1, refreshMs: 100 },
      resolveName(name) {
        asked[who] += 1;
        return resolveName(name);
      },
      onAnswer: () => undefined,
      onFailure: (error) => expect.unreachable(String(error)),
    });
  const stopped = watch('stopped');
  await eventually(() => asked.stopped === 2);
  stopped.stop();
  const other = watch('other');
  onTestFinished(other.stop);
  await eventually(() => asked.other === 4);
  expect(asked.stopped).toBe(2);
});
