// Docker compose itself, asked what it reads. `config` needs no engine, and none is touched.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Case } from './projects.ts';
import { home } from './projects.ts';

const places = [
  process.env.DOCKER_CONFIG,
  join(homedir(), '.docker'),
  '/usr/local/lib/docker',
  '/usr/lib/docker',
  '/usr/libexec/docker',
];

/** The version whose reading is the measure: others know more keys, or fewer. */
const version = /^v?2\.26\./;

interface Compose {
  readonly program?: string;
  /** Why there is none. */
  readonly missing?: string;
}

export function findCompose(): Compose {
  const program = places
    .flatMap((place) => (place ? [join(place, 'cli-plugins', 'docker-compose')] : []))
    .find((path) => existsSync(path));
  if (!program) return { missing: 'needs docker compose 2.26; run eval "$(.ci/engine/up)", which sets DOCKER_CONFIG' };
  const found = execFileSync(program, ['version', '--short'], { encoding: 'utf8' }).trim();
  return version.test(found) ? { program } : { missing: `needs docker compose 2.26, and ${found} is here` };
}

export interface Answer {
  /** undefined: the files were refused. */
  readonly project?: unknown;
  readonly error: string;
}

export function askCompose(program: string, { folder, files = [], profiles = [], environment = {} }: Case): Answer {
  const options = [
    ...files.flatMap((file) => ['-f', file]),
    ...profiles.flatMap((profile) => ['--profile', profile]),
    ...['--project-directory', folder],
  ];
  const run = (...format: string[]) => {
    const { status, stdout, stderr } = spawnSync(program, [...options, 'config', ...format], {
      cwd: folder,
      env: { HOME: home, ...environment },
      encoding: 'utf8',
    });
    return { isRead: status === 0, stdout, error: stderr };
  };
  const json = run('--format', 'json');
  if (json.isRead) return { project: JSON.parse(json.stdout), error: '' };
  // It cannot print SSH keys with paths as JSON, though it reads them.
  if (!json.error.includes('MarshalJSON')) return { error: json.error };
  const yaml = run();
  return yaml.isRead ? { project: parse(yaml.stdout), error: '' } : { error: yaml.error };
}
