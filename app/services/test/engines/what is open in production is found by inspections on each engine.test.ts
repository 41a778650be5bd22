// The faults of the platform's production files, on containers that an engine has really made of them.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Posture } from '../../../contract/index.ts';
import { createEngine } from '../../docker/engine.ts';
import { evaluate } from '../../posture/evaluate.ts';
import { collectOnEngine } from '../../posture/test/judgeOnEngine.ts';
import { type Fault, faults } from '../../posture/test/plantedFaults.ts';
import { PROD_FILE, plant, toBatches, toFailures } from '../../posture/test/plantFaults.ts';
import { localFileReader } from '../../stack/compose/fileReader.ts';
import { type LoadedProject, loadProject } from '../../stack/compose/loadProject.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { createStack } from './createdStack.ts';
import type { EngineUnderTest } from './engineUnderTest.ts';
import { onEachEngine } from './onEachEngine.ts';

/** Engines of tests cannot pull: which image of their own stands for a service. */
const LOCAL_IMAGES = join(import.meta.dirname, '../../../../.ci/engine/docker-compose.local.yaml');
const { services: local } = parse(readFileSync(LOCAL_IMAGES, 'utf8')) as {
  services: Record<string, { image: string }>;
};

type Services = Record<string, { image: string }>;

/** Under names of this run: what is called `postgres:17.6` on the engine of somebody else is left alone. */
async function nameImages(under: EngineUnderTest, name: string, services: Services): Promise<Services> {
  const named: Services = {};
  for (const [service, { image }] of Object.entries(services)) {
    const stand = local[service]?.image;
    if (under.kind === 'sandbox' || stand === undefined) continue;
    const [repository = '', tag = ''] = basename(image).split(':');
    const repo = `${name}/${repository}`;
    const { status, text } = await under.call(
      'POST',
      `/images/${stand}/tag?repo=${encodeURIComponent(repo)}&tag=${tag}`,
    );
    if (status !== 201) throw new Error(`tag ${stand}: ${status} ${text}`);
    onTestFinished(async () => void (await under.call('DELETE', `/images/${repo}:${tag}`)));
    named[service] = { image: `${repo}:${tag}` };
  }
  return named;
}

async function load(under: EngineUnderTest, name: string, planted: readonly Fault[]): Promise<LoadedProject> {
  const folder = temporaryFolder();
  plant(folder, planted);
  const { services } = parse(readFileSync(join(folder, PROD_FILE), 'utf8')) as { services: Services };
  const named = await nameImages(under, name, services);
  const ours = Object.keys(services).map((service) => [service, { ...named[service], labels: under.labels }]);
  writeFileSync(join(folder, 'ours.yaml'), stringify({ name, services: Object.fromEntries(ours) }));
  const files = [PROD_FILE, 'ours.yaml'];
  const loaded = await loadProject({ folder, files, environment: {}, projectName: name, reader: localFileReader });
  makeSources(loaded);
  return loaded;
}

/** An engine refuses a container whose files are not there; what is in them is never read here. */
function makeSources({ project, folder }: LoadedProject): void {
  const mounted = Object.values(project.services).flatMap(({ volumes = [] }) => volumes.map(({ source }) => source));
  const secrets = Object.values(project.secrets ?? {}).map(({ file }) => file);
  for (const path of [...mounted, ...secrets]) {
    if (path === undefined || !path.startsWith(`${folder}/`) || existsSync(path)) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '');
  }
}

let made = 0;

async function judge(under: EngineUnderTest, planted: readonly Fault[]): Promise<Posture> {
  made += 1;
  const loaded = await load(under, under.name(`posture${made}`), planted);
  const { socketPath } = under;
  const engine = createEngine({ kind: 'socket', path: socketPath });
  onTestFinished(() => engine.close());
  await createStack(engine, loaded.project);
  const asked = { socketPath, loaded, stateFolder: temporaryFolder(), isProbing: false };
  const { facts, waivers } = await collectOnEngine(asked);
  expect(facts.parts.map(({ where }) => where)).not.toContain(PROD_FILE);
  return evaluate({ ...facts, mode: 'prod' }, waivers);
}

/** The engine of the tests bounds each log by itself (.ci/engine/daemon.sh), whatever a compose file leaves out. */
const isShown = ({ kind }: EngineUnderTest, failure: string) =>
  kind === 'sandbox' || !failure.startsWith('runtime.log-size ');

const shown = faults.filter(({ compose }) => compose !== undefined);

onEachEngine('of the containers of production', (under) => {
  test('nothing is open', async () => {
    expect(toFailures(await judge(under, []))).toEqual([]);
  });

  test.each(toBatches(shown).map((batch) => [batch.map(({ what }) => what).join('; '), batch] as const))(
    '%s',
    async (_, batch) => {
      const expected = batch.flatMap(({ failures }) => failures.filter((failure) => isShown(under, failure))).sort();
      expect(toFailures(await judge(under, batch))).toEqual(expected);
    },
  );
});
