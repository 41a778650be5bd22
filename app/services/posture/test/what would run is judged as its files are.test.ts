// The two ways to the same facts: the files of the platform, and the inspections of what a plan of them would make.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { localFileReader } from '../../stack/compose/fileReader.ts';
import { loadProject } from '../../stack/compose/loadProject.ts';
import { planUp } from '../../stack/plan/planUp.ts';
import { simulate, toEmptyStack, toImage } from '../../test/simulatedStack.ts';
import { evaluate } from '../evaluate.ts';
import { toDeclaredNetworks, toDeclaredParts } from '../facts/declaredParts.ts';
import type { PostureFacts } from '../facts/facts.ts';
import { toObservedNetworks, toObservedParts } from '../facts/observedParts.ts';
import { findRoles } from '../facts/roles.ts';
import { withBinds } from './withBinds.ts';

const folder = join(import.meta.dirname, '../../../../resources/platform');
const image = toImage({ User: 'node' });

async function load(file: string) {
  const { project } = await loadProject({ folder, files: [file], environment: {}, reader: localFileReader });
  const images = Object.fromEntries(Object.keys(toEmptyStack(project).images).map((name) => [name, image]));
  return { project, images, roles: findRoles(project) };
}

function judge(mode: PostureFacts['mode'], given: Pick<PostureFacts, 'parts' | 'networks'>) {
  const facts: PostureFacts = {
    ...given,
    project: 'shop-platform',
    mode,
    basis: 'files',
    from: 'somewhere',
    engine: null,
    gateway: { state: 'unknown', why: 'not read' },
    edge: { state: 'unknown', why: 'not asked' },
    edgeFile: { state: 'unknown', why: 'not read' },
    observed: null,
    now: 0,
  };
  return evaluate(facts).rules.map(({ id, evidence }) => ({
    id,
    evidence: evidence
      .flatMap(({ subjects, status, seen }) => subjects.map((subject) => `${subject} ${status} ${seen}`))
      .sort(),
  }));
}

test.each([
  ['docker-compose.yaml', 'dev'],
  ['docker-compose.yaml', 'prod'],
  ['docker-compose.prod.yaml', 'prod'],
] as const)('%s as %s', async (file, mode) => {
  const { project, images, roles } = await load(file);
  const declared = { project, images, roles, where: file };
  const stack = simulate(planUp(project, { ...toEmptyStack(project), images }));
  // Created and not started: what it would bind is then in the same place as on an engine.
  const containers = stack.containers.map((container) => ({
    ...withBinds(container),
    state: 'created' as const,
    imageId: image.id,
  }));
  const observed = { observed: { ...stack, containers }, project, roles, images: new Map([[image.id, image]]) };
  const byFiles = judge(mode, { parts: toDeclaredParts(declared), networks: toDeclaredNetworks(declared) });
  const byEngine = judge(mode, { parts: toObservedParts(observed), networks: toObservedNetworks(observed) });
  expect(byEngine).toEqual(byFiles);
});
