import { expect, test } from 'vitest';
import { toProject } from '../../test/simulatedStack.ts';
import { findRemoteNotes } from './remoteFiles.ts';

const bind = (source: string) => ({ type: 'bind' as const, source, target: '/x' });
const project = toProject(
  {
    web: {
      volumes: [
        bind('/srv/shop/nginx.conf'),
        bind('/var/run/docker.sock'),
        { type: 'volume', source: 'd', target: '/d' },
      ],
      secrets: [{ source: 'key' }, { source: 'token' }],
      configs: [{ source: 'motd' }],
    },
    db: { volumes: [bind('/srv/shop')] },
  },
  {
    secrets: { key: { name: 'key', file: '/elsewhere/key' }, token: { name: 'token', environment: 'TOKEN' } },
    configs: { motd: { name: 'motd', content: 'hi' } },
  },
);

test('files of this machine are refused by name, paths of the other are only doubted, the rest passes', () => {
  const { blockers, warnings } = findRemoteNotes(project, '/srv/shop', 'far');
  expect(blockers.map(({ message }) => message)).toEqual([
    'service "web" mounts /srv/shop/nginx.conf at /x, a file of this machine; the engine on far would look for it on its own disk.',
    'service "web" reads "key" from /elsewhere/key, a file of this machine; the engine on far would look for it on its own disk.',
    'service "db" mounts /srv/shop at /x, a file of this machine; the engine on far would look for it on its own disk.',
  ]);
  expect(warnings.map(({ message }) => message)).toEqual([
    'service "web" mounts /var/run/docker.sock at /x; whether that is there on far cannot be seen from here.',
  ]);
});

test('a folder whose name only begins alike is another one', () => {
  const other = toProject({ a: { volumes: [bind('/srv/shop-data/x')] } });
  expect(findRemoteNotes(other, '/srv/shop', 'far').blockers).toEqual([]);
});
