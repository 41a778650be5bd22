// Opens what can be opened of a production that runs, judges it by the rules of posture, and closes it again.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evaluate } from '../../../app/services/posture/evaluate.ts';
import { collectOnEngine } from '../../../app/services/posture/test/judgeOnEngine.ts';
import { inNginx } from '../../../app/services/posture/test/plantedFaults.ts';
import { changeText, toBatches, toFailures } from '../../../app/services/posture/test/plantFaults.ts';
import { localFileReader } from '../../../app/services/stack/compose/fileReader.ts';
import { loadProject } from '../../../app/services/stack/compose/loadProject.ts';
import { FILE_NAMES } from './composeFiles.ts';
import { docker, type Stack } from './engine.ts';

interface Opened {
  readonly what: string;
  readonly place: string;
  readonly failures: readonly string[];
  /** Answers how it is closed again. */
  readonly open: (stack: Stack) => Promise<() => Promise<unknown>>;
}

const network = ({ project }: Stack) => `${project}_backend_network`;

const byEngine: readonly Opened[] = [
  {
    what: 'a container of somebody else is on the backend network',
    place: 'stranger',
    failures: ['network.strangers backend_network'],
    async open(stack) {
      const id = await docker('run', '--detach', '--rm', '--network', network(stack), 'gatehouse-local/redis:trixie');
      return () => docker('rm', '--force', '--volumes', id);
    },
  },
  {
    what: 'nginx is connected to the backend network',
    place: 'connected',
    failures: ['reach.edge nginx'],
    async open(stack) {
      const both = [network(stack), `${stack.project}-nginx-1`];
      await docker('network', 'connect', ...both);
      return () => docker('network', 'disconnect', ...both);
    },
  },
  {
    what: 'a service was told to stay down',
    place: 'updated',
    failures: ['runtime.restart vision'],
    async open({ project }) {
      const update = (policy: string) => docker('update', `--restart=${policy}`, `${project}-vision-1`);
      await update('no');
      return () => update('always');
    },
  },
  {
    what: 'the certificate runs out',
    place: 'certificate',
    failures: ['tls.certificate edge'],
    async open({ folder }) {
      const certificates = join(folder, 'nginx/certificates');
      const path = join(certificates, 'server.crt');
      const before = readFileSync(path);
      const sign = `openssl req -new -key server.key -subj /CN=short |
        openssl x509 -req -CA ca.crt -CAkey ca.key -CAcreateserial -days 3`;
      const made = execFileSync('sh', ['-c', sign], { cwd: certificates, stdio: ['ignore', 'pipe', 'ignore'] });
      // Into the same file: that is the one which is mounted.
      writeFileSync(path, Buffer.concat([made, readFileSync(join(certificates, 'ca.crt'))]));
      return async () => writeFileSync(path, before);
    },
  },
];

const byNginx = inNginx.flatMap(({ what, place, failures, nginx }): Opened[] => {
  if (!nginx) return [];
  const open: Opened['open'] = async ({ folder }) => {
    const path = join(folder, 'nginx', nginx[0]);
    const before = readFileSync(path);
    changeText(path, nginx);
    return async () => writeFileSync(path, before);
  };
  return [{ what, place, failures, open }];
});

export const runningBatches: readonly (readonly Opened[])[] = toBatches([...byEngine, ...byNginx]);

export async function open(stack: Stack, batch: readonly Opened[]): Promise<() => Promise<void>> {
  const closing: (() => Promise<unknown>)[] = [];
  const reload = () => stack.exec('nginx', 'nginx', '-s', 'reload');
  const close = async () => {
    // The last that was changed first: two changes of one file would otherwise bring the first one back.
    for (const one of closing.toReversed()) await one();
    await reload();
  };
  try {
    for (const one of batch) closing.push(await one.open(stack));
    await reload();
  } catch (error) {
    await close();
    throw error;
  }
  return close;
}

/** Everything that fails but the names of images: these are of an engine that cannot pull. */
export async function findOpen({ folder, project }: Stack): Promise<string[]> {
  const stateFolder = mkdtempSync(join(tmpdir(), 'gh-state-'));
  try {
    const loaded = await loadProject({
      folder,
      files: [FILE_NAMES.prod],
      environment: {},
      projectName: project,
      reader: localFileReader,
    });
    const socketPath = (process.env.DOCKER_HOST ?? '').replace(/^unix:\/\//, '');
    const { facts, waivers } = await collectOnEngine({ socketPath, loaded, stateFolder, isProbing: true });
    const posture = evaluate({ ...facts, mode: 'prod' }, waivers);
    return toFailures(posture).filter((failure) => !failure.startsWith('image.version '));
  } finally {
    rmSync(stateFolder, { recursive: true, force: true });
  }
}
