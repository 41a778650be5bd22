// One small compose project on a real engine, brought up by docker compose or by us, and looked at as the engine has it.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestContext } from 'vitest';
import type { ApplyResult } from '../../../../contract/index.ts';
import { createEngine, type Engine } from '../../../docker/engine.ts';
import { type ApplyOptions, applyPlan } from '../../apply/applyPlan.ts';
import { findConfigHashes } from '../../apply/configHashes.ts';
import { localFileReader } from '../../compose/fileReader.ts';
import { type LoadedProject, loadProject } from '../../compose/loadProject.ts';
import type { Project } from '../../compose/project.ts';
import { observeStack } from '../../plan/observeStack.ts';
import { planDown } from '../../plan/planDown.ts';
import { planUp } from '../../plan/planUp.ts';
import { type PlanOptions, type PreparedPlan, toPlanOptions } from '../../plan/preparedPlan.ts';

const run = promisify(execFile);
const dockerHost = process.env.DOCKER_HOST ?? '';

/** Is on every test engine: Debian's tools, a user, an entrypoint and a label of its own. */
export const IMAGE = 'gatehouse/platform-service:0.1.0';

/** For beforeEach: says what is missing where tests may not touch an engine. */
export function needEngine(context: TestContext): void {
  if (process.env.GATEHOUSE_TEST_ENGINE === '1' && dockerHost.startsWith('unix://')) return;
  context.skip('needs a Docker engine; run eval "$(.ci/engine/up)" and set GATEHOUSE_TEST_ENGINE=1');
}

export async function docker(...argv: string[]): Promise<string> {
  const { stdout } = await run('docker', argv, { maxBuffer: 32 * 1024 * 1024 });
  return stdout.trim();
}

let made = 0;

export class ComposeStack {
  readonly name: string;
  readonly folder = mkdtempSync(join(tmpdir(), 'ghs-'));
  readonly path = join(this.folder, 'compose.yaml');
  readonly engine: Engine;
  readonly #subnet: string;
  /** With the variable of a secret. */
  readonly environment: Record<string, string | undefined> = { ...process.env, GHS_TOKEN: 'token-of-a-variable' };

  constructor(kind: string) {
    made += 1;
    this.#subnet = `10.213.${((process.pid * 7 + made) % 250) + 1}`;
    this.name = `ghs-${kind}-${process.pid}-${made}`;
    this.engine = createEngine({ kind: 'socket', path: dockerHost.slice('unix://'.length) });
  }

  /** `SUBNET` stands for the first three numbers of addresses that no other stack of this run has. */
  write(text: string): void {
    writeFileSync(this.path, text.replaceAll('SUBNET', this.#subnet));
  }

  async compose(...argv: string[]): Promise<string> {
    const common = ['compose', '--project-name', this.name, '--file', this.path, '--progress', 'quiet'];
    const { stdout } = await run('docker', [...common, ...argv], {
      env: this.environment,
      maxBuffer: 32 * 1024 * 1024,
    });
    return stdout.trim();
  }

  load(): Promise<LoadedProject> {
    const { environment, folder, name, path } = this;
    return loadProject({ folder, files: [path], environment, projectName: name, reader: localFileReader });
  }

  async plan(options: PlanOptions = {}): Promise<PreparedPlan> {
    const loaded = await this.load();
    return planUp(loaded.project, await this.observe(loaded.project), { ...toPlanOptions(loaded), ...options });
  }

  observe(project: Project | null) {
    return observeStack(this.engine, this.name, { project });
  }

  apply(prepared: PreparedPlan, options: Partial<ApplyOptions> = {}): Promise<ApplyResult> {
    const { environment, folder, name, path } = this;
    return applyPlan(prepared, this.engine, {
      signal: new AbortController().signal,
      findConfigHashes: () => findConfigHashes({ folder, paths: [path], projectName: name, environment }),
      ...options,
    });
  }

  /** Rejects with the result when something could not be done. */
  async up(options: PlanOptions = {}): Promise<ApplyResult> {
    const result = await this.apply(await this.plan(options));
    if (result.outcome !== 'applied') throw new Error(JSON.stringify(result, null, 2));
    return result;
  }

  async down(options: { removeVolumes?: boolean } = {}): Promise<ApplyResult> {
    const observed = await this.observe(null);
    return this.apply(planDown(null, observed, { ...options, confirmVolumes: this.name }));
  }

  /** Id by name of the project's containers. */
  async containers(): Promise<Record<string, string>> {
    const format = '{{.Names}} {{.ID}}';
    const filter = `label=com.docker.compose.project=${this.name}`;
    const rows = await docker('ps', '--all', '--no-trunc', '--filter', filter, '--format', format);
    return Object.fromEntries(rows.split('\n').flatMap((row) => (row ? [row.split(' ') as [string, string]] : [])));
  }

  /** The hash by which compose knows a container's spec, by name. */
  async hashes(): Promise<Record<string, string>> {
    const { containers } = await this.observe(null);
    return Object.fromEntries(
      containers.map(({ name, labels }) => [name, labels['com.docker.compose.config-hash'] ?? '']),
    );
  }

  /** What is left of the project on the engine. */
  async leftovers(): Promise<string[]> {
    const filter = `label=com.docker.compose.project=${this.name}`;
    const lists = await Promise.all([
      docker('ps', '--all', '--filter', filter, '--format', 'container {{.Names}}'),
      docker('network', 'ls', '--filter', filter, '--format', 'network {{.Name}}'),
      docker('volume', 'ls', '--filter', filter, '--format', 'volume {{.Name}}'),
    ]);
    return lists.flatMap((list) => list.split('\n')).filter(Boolean);
  }

  async close(): Promise<void> {
    const result = await this.down({ removeVolumes: true });
    this.engine.close();
    rmSync(this.folder, { recursive: true, force: true });
    if (result.outcome !== 'applied') throw new Error(JSON.stringify(result, null, 2));
  }
}
