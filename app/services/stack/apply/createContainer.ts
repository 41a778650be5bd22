// Creates one container as its service says: created, put on its networks, its files copied in; not started.
import type { PlanStep } from '../../../contract/index.ts';
import type { StackContainer } from '../../docker/stackContainer.ts';
import type { StackImage } from '../../docker/stackParts.ts';
import { isAtLeast } from '../plan/fileNotes.ts';
import { type ContainerSpec, toContainerSpec } from '../spec/containerSpec.ts';
import { toImageReference } from '../spec/names.ts';
import { injectFiles } from './injectFiles.ts';
import { type Run, StepEnd } from './run.ts';

export interface Creation {
  readonly id: string;
  readonly spec: ContainerSpec;
}

/** A container that could only be made in part is removed again. */
export async function createContainer(
  run: Run,
  step: PlanStep,
  { name, replaces }: { name: string; replaces?: StackContainer },
): Promise<Creation> {
  const spec = await toSpec(run, step, replaces);
  const { containers, networks } = run.engine.stack;
  const takesSeveral = isAtLeast(run.defaults.apiVersion, '1.44');
  const atOnce = takesSeveral ? spec.endpoints : spec.endpoints.slice(0, 1);
  const created = await containers.create(name, toBody(spec, atOnce), spec.platform);
  for (const warning of created.warnings) noteWarning(run, step, warning);
  try {
    // The engine before 25 takes one network at creation.
    for (const { network, settings } of takesSeveral ? [] : spec.endpoints.slice(1)) {
      await networks.connect(network, created.id, settings);
    }
    await injectFiles(run, created.id, spec.service, spec.files);
  } catch (error) {
    await containers.remove(created.id, { force: true, volumes: !replaces }).catch(() => {});
    throw error;
  }
  return { id: created.id, spec };
}

function toBody({ config, hostConfig }: ContainerSpec, endpoints: ContainerSpec['endpoints']): Record<string, unknown> {
  if (endpoints.length === 0) return { ...config, HostConfig: hostConfig };
  const settings = Object.fromEntries(endpoints.map((endpoint) => [endpoint.network, endpoint.settings]));
  return { ...config, HostConfig: hostConfig, NetworkingConfig: { EndpointsConfig: settings } };
}

async function toSpec(run: Run, step: PlanStep, replaces: StackContainer | undefined): Promise<ContainerSpec> {
  const { project, options } = run.prepared;
  const service = step.key;
  if (!project || service === null) throw new StepEnd('failed', `no file says how ${step.name} is made`);
  const [image, configHash] = await Promise.all([
    findImage(run, toImageReference(project, service)),
    run.findConfigHash(service),
  ]);
  return toContainerSpec(project, service, step.replica ?? 1, {
    image,
    configHash,
    mode: options.mode,
    files: options.files,
    findContainer: (name) => run.members.find(name, null)[0],
    replaces,
  });
}

/** As it is by now: it may have been pulled or built by an earlier step. */
async function findImage(run: Run, reference: string): Promise<StackImage> {
  const image = await run.engine.stack.images.inspect(reference);
  if (image) return image;
  throw new StepEnd('failed', `the image ${reference} is not on the engine any more`);
}

function noteWarning(run: Run, step: PlanStep, warning: string): void {
  run.remarks.push({
    code: 'engine-warning',
    subject: step.key ?? step.name,
    message: `the engine says of ${step.name}: ${warning.slice(0, 500)}`,
    remedy: 'The container was created all the same.',
  });
}
