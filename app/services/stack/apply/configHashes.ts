// The hashes that `docker compose` compares, asked of compose itself: they cannot be reproduced from outside.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface HashInput {
  readonly folder: string;
  readonly paths: readonly string[];
  readonly projectName: string;
  readonly profiles?: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const timeoutMs = 15_000;

/**
 * By service, from `docker compose config --hash '*'`; undefined where compose is not installed or refuses the files. Then
 * `docker compose up` on our stack makes its containers anew once, and nothing else is lost. Of a service that uses
 * another's namespaces (`network_mode: service:…`) compose compares a hash that holds the other's id: it is made anew, too.
 */
export async function findConfigHashes(input: HashInput): Promise<Readonly<Record<string, string>> | undefined> {
  const files = input.paths.flatMap((path) => ['--file', path]);
  const profiles = (input.profiles ?? []).flatMap((profile) => ['--profile', profile]);
  const project = ['--project-name', input.projectName, '--project-directory', input.folder];
  const argv = ['compose', ...project, ...files, ...profiles, 'config', '--hash', '*'];
  try {
    const options = { cwd: input.folder, env: { ...input.environment }, timeout: timeoutMs };
    const { stdout } = await promisify(execFile)('docker', argv, options);
    return parseHashes(stdout);
  } catch {
    return undefined;
  }
}

/** `web 96fed3d0…`, a line a service. */
export function parseHashes(text: string): Record<string, string> {
  const pairs = text.split('\n').flatMap((line) => {
    const match = /^(\S+) ([0-9a-f]{64})$/.exec(line.trim());
    return match?.[1] && match[2] ? [[match[1], match[2]] as const] : [];
  });
  return Object.fromEntries(pairs);
}
