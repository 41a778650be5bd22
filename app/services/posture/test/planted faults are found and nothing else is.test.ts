// Faults planted into the production files of the platform: judged by the files alone, and as an engine and probes would
// show what those files make.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Posture } from '../../../contract/index.ts';
import { localFileReader } from '../../stack/compose/fileReader.ts';
import { type LoadedProject, loadProject } from '../../stack/compose/loadProject.ts';
import { planUp } from '../../stack/plan/planUp.ts';
import { simulate, toEmptyStack, toImage } from '../../test/simulatedStack.ts';
import { evaluate, type WaiverFile } from '../evaluate.ts';
import { toDeclaredNetworks, toDeclaredParts } from '../facts/declaredParts.ts';
import { readDockerfiles } from '../facts/dockerfiles.ts';
import { readEdgeFile } from '../facts/edgeFile.ts';
import type { PostureFacts } from '../facts/facts.ts';
import { readGatewayFile } from '../facts/gatewayFile.ts';
import { toObservedNetworks, toObservedParts } from '../facts/observedParts.ts';
import { findRoles } from '../facts/roles.ts';
import { readWaivers } from '../waivers/readWaivers.ts';
import { closedProbe, now } from './closedStack.ts';
import { type Fault, faults } from './plantedFaults.ts';
import { PROD_FILE, plant, toBatches, toFailures } from './plantFaults.ts';
import { withBinds } from './withBinds.ts';

const root = mkdtempSync(join(tmpdir(), 'gh-posture-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Judged {
  readonly byFiles: Posture;
  readonly byEngine: Posture;
}

async function judge(planted: readonly Fault[]): Promise<Judged> {
  const folder = mkdtempSync(join(root, 'stack-'));
  plant(folder, planted);
  const loaded = await loadProject({ folder, files: [PROD_FILE], environment: {}, reader: localFileReader });
  const { project } = loaded;
  const roles = findRoles(project);
  const common = {
    project: project.name,
    mode: 'prod',
    from: PROD_FILE,
    gateway: await readGatewayFile(project, roles, localFileReader),
    edgeFile: await readEdgeFile(loaded, roles, localFileReader),
    now,
  } as const;
  const waivers = await readWaivers(folder, localFileReader);
  return { byFiles: await toFileFacts(), byEngine: toPosture(toEngineFacts(loaded, planted)) };

  function toPosture(facts: Omit<PostureFacts, keyof typeof common>): Posture {
    return evaluate({ ...facts, ...common }, waivers satisfies WaiverFile);
  }
  async function toFileFacts() {
    const dockerfiles = await readDockerfiles(project, localFileReader);
    const context = { project, where: PROD_FILE, roles, images: {}, dockerfiles };
    return toPosture({
      basis: 'files',
      engine: null,
      parts: toDeclaredParts(context),
      networks: toDeclaredNetworks(context),
      edge: { state: 'unknown', why: 'nothing runs' },
      observed: null,
    });
  }
}

/** What an inspection would show of what a plan of the files makes, and what probes would see of its edge. */
function toEngineFacts({ project }: LoadedProject, planted: readonly Fault[]) {
  const image = { ...toImage({ User: 'node' }), createdAt: now - 86_400_000 };
  const images = Object.fromEntries(Object.keys(toEmptyStack(project).images).map((name) => [name, image]));
  const stack = simulate(planUp(project, { ...toEmptyStack(project), images }));
  // Created and not started: what it would bind is then in the same place as on an engine.
  const containers = stack.containers.map((one) => ({
    ...withBinds(one),
    state: 'created' as const,
    imageId: image.id,
  }));
  const strangers = planted.flatMap(({ stranger }) => stranger ?? []).map((label) => `${project.name}_${label}`);
  const networks = Object.fromEntries(
    Object.entries(stack.networks).map(([name, network]) => {
      const members = strangers.includes(name) ? [{ id: 'f00d', name: 'adminer-1' }] : [];
      return [name, { ...network, members }];
    }),
  );
  const context = {
    observed: { ...stack, containers, networks },
    project,
    roles: findRoles(project),
    images: new Map([[image.id, image]]),
  };
  const probe = { ...closedProbe };
  for (const fault of planted) Object.assign(probe, fault.probe?.(probe));
  return {
    basis: 'engine',
    engine: { isSandbox: false },
    parts: toObservedParts(context),
    networks: toObservedNetworks(context),
    edge: { state: 'probed', probe },
    observed: [],
  } as const;
}

/** What is asked of a running edge, or of networks and who is on them now, no file shows. */
const isInFiles = (failure: string) => !/^(tls\.(?!published)|edge\.(?!limits)|network\.strangers)/.test(failure);

const toUnknown = ({ rules }: Posture) => rules.filter(({ status }) => status === 'unknown').map(({ id }) => id);

test('the platform’s own production is clean: what fails is waived with a reason, and no waiver is idle', async () => {
  const { byFiles, byEngine } = await judge([]);
  for (const posture of [byFiles, byEngine]) {
    expect(toFailures(posture)).toEqual([]);
    expect(posture.waivers).toEqual({ file: 'gatehouse.waivers.yaml', problem: null, notes: [] });
  }
  // Of redis the password stands in a file that is not read.
  expect(toUnknown(byEngine)).toEqual(['secrets.open-store']);
  const kinds = toUnknown(byFiles).map((id) => id.split('.')[0]);
  expect([...new Set(kinds)].sort()).toEqual(['edge', 'image', 'isolation', 'secrets', 'tls']);
});

test('there are 25 faults and more', () => {
  expect(faults.length).toBeGreaterThanOrEqual(25);
});

test.each(toBatches(faults).map((batch) => [batch.map(({ what }) => what).join('; '), batch] as const))(
  '%s',
  async (_, batch) => {
    const expected = batch.flatMap(({ failures }) => failures).sort();
    const { byFiles, byEngine } = await judge(batch);
    expect(toFailures(byEngine)).toEqual(expected);
    expect(toFailures(byFiles)).toEqual(expected.filter(isInFiles));
    // The critical ones stand first.
    const severities = byEngine.rules.filter(({ status }) => status === 'fail').map(({ severity }) => severity);
    const order = ['critical', 'high', 'medium', 'low', 'info'];
    expect(severities).toEqual(severities.toSorted((a, b) => order.indexOf(a) - order.indexOf(b)));
  },
);
