import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, test } from 'vitest';
import { toComposeForm, toOurForm } from './normaliseOracle.ts';
import { askCompose, findCompose } from './oracle.ts';
import { type Case, readCases, tryCase } from './projects.ts';

const repository = fileURLToPath(new URL('../../../../../', import.meta.url));
const platform = join(repository, 'resources/platform');
/** Test data of others lies beside the repository, where it lies at all. */
const vectors = join(repository, '../shared/vectors/compose-e2e');
const sharedWithAWorktree = join(repository, '../../shared/vectors/compose-e2e');

const compose = findCompose();
/** Each test starts a program or two, on a machine that may be busy. */
const slow = 60_000;

beforeEach((context) => {
  if (compose.missing) context.skip(compose.missing);
});

async function expectTheSame(one: Case): Promise<void> {
  const theirs = askCompose(compose.program ?? '', one);
  const ours = await tryCase(one);
  const isTaken = { theirs: theirs.project !== undefined, ours: !(ours instanceof Error) };
  if (one.differs) {
    // As soon as they agree, the reason why they do not is to be removed.
    expect(isTaken.theirs, one.differs).toBe(!isTaken.ours);
    return;
  }
  const why = { theirs: theirs.error, ours: ours instanceof Error ? ours.message : '' };
  expect(isTaken, JSON.stringify(why)).toEqual({ theirs: isTaken.theirs, ours: isTaken.theirs });
  if (ours instanceof Error || theirs.project === undefined) return;
  expect(toComposeForm(ours.project)).toEqual(toOurForm(theirs.project));
}

describe('our own projects', () => {
  test.each(readCases().map((one) => [one.name, one] as const))(
    '%s',
    async (_, one) => {
      await expectTheSame(one);
    },
    slow,
  );
});

describe('the platform that Gatehouse ships', () => {
  test.each([
    ['dev', ['docker-compose.yaml']],
    ['prod', ['docker-compose.prod.yaml']],
    ['prod over dev', ['docker-compose.yaml', 'docker-compose.prod.yaml']],
  ])(
    '%s',
    async (name, files) => {
      await expectTheSame({ name, folder: platform, files });
    },
    slow,
  );
});

describe('the projects that compose tests itself with', () => {
  const folder = [vectors, sharedWithAWorktree].find((path) => existsSync(path));
  const files = folder === undefined ? [] : findComposeFiles(folder);
  if (folder === undefined) test.skip('needs shared/vectors/compose-e2e beside the repository');
  test.each(files.map((file) => [file.slice(folder?.length), file] as const))(
    '%s',
    async (name, file) => {
      await expectTheSame({ name, folder: dirname(file), files: [basename(file)], profiles: ['*'] });
      await expectTheSame({ name, folder: dirname(file), files: [basename(file)] });
    },
    slow,
  );
});

function findComposeFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.ya?ml$/.test(path))
    .map((path) => join(folder, path))
    .sort();
}
