// The part of a container's spec that the engine calls Config: program, environment, labels, health check.
import { createHash } from 'node:crypto';
import type { HealthCheck, Project, Service } from '../compose/project.ts';
import type { SpecContext } from './containerSpec.ts';
import type { InjectedFile } from './injectedFiles.ts';
import { getService, toImageReference } from './names.ts';
import { toNanoseconds } from './quantities.ts';
import { withoutUndefined } from './rawValues.ts';

export interface ConfigInput {
  readonly project: Project;
  readonly service: string;
  readonly replica: number;
  readonly context: SpecContext;
  readonly files: readonly InjectedFile[];
}

/** Which mode a container or volume is of. */
export const MODE_LABEL = 'gatehouse.mode';
const CONTENT_LABEL = 'gatehouse.configs';

export function toConfigSection(input: ConfigInput): Record<string, unknown> {
  const service = getService(input.project, input.service);
  return withoutUndefined({
    Image: toImageReference(input.project, input.service),
    Hostname: service.hostname,
    Domainname: service.domainname,
    User: service.user,
    WorkingDir: service.working_dir,
    // An empty list clears what the image says, null leaves it.
    Cmd: service.command ?? undefined,
    Entrypoint: service.entrypoint ?? undefined,
    Tty: service.tty,
    OpenStdin: service.stdin_open,
    AttachStdout: true,
    AttachStderr: true,
    Env: toEnv(service),
    ExposedPorts: toExposed(service),
    Healthcheck: toHealthcheck(service.healthcheck),
    StopSignal: service.stop_signal,
    StopTimeout: toSeconds(service.stop_grace_period),
    MacAddress: service.mac_address,
    Labels: toLabels(input),
  });
}

function toEnv({ environment }: Service): string[] {
  // Without a value the variable is taken away, also one of the image.
  return Object.entries(environment ?? {}).map(([name, value]) => (value === null ? name : `${name}=${value}`));
}

/** `9000`, `9000-9002/udp` of expose, and the targets of ports. */
function toExposed(service: Service): Record<string, object> {
  const exposed = (service.expose ?? []).flatMap((text) => {
    const [range = '', protocol = 'tcp'] = String(text).split('/');
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => `${first + index}/${protocol}`);
  });
  const targets = (service.ports ?? []).map(({ target, protocol }) => `${target}/${protocol ?? 'tcp'}`);
  return Object.fromEntries([...new Set([...exposed, ...targets])].map((port) => [port, {}]));
}

function toHealthcheck(check: HealthCheck | undefined): Record<string, unknown> | undefined {
  if (!check) return undefined;
  if (check.disable || check.test?.[0] === 'NONE') return { Test: ['NONE'] };
  return withoutUndefined({
    Test: check.test,
    Interval: toNanoseconds(check.interval),
    Timeout: toNanoseconds(check.timeout),
    StartPeriod: toNanoseconds(check.start_period),
    StartInterval: toNanoseconds(check.start_interval),
    Retries: check.retries,
  });
}

function toSeconds(text: string | undefined): number | undefined {
  const nanoseconds = toNanoseconds(text);
  return nanoseconds === undefined ? undefined : Math.trunc(nanoseconds / 1e9);
}

/** Those of compose, with the values that its own commands look for, and ours. */
function toLabels({ project, service, replica, context, files }: ConfigInput): Record<string, string> {
  const declared = getService(project, service);
  const dependencies = Object.entries(declared.depends_on ?? {})
    .map(([name, { condition, restart }]) => `${name}:${condition}:${restart ?? false}`)
    .sort();
  const contents = files.flatMap((file) => (file.content === null ? [] : [`${file.target}\0${file.content}`]));
  const labels: Record<string, string | undefined> = {
    ...declared.labels,
    'com.docker.compose.project': project.name,
    'com.docker.compose.service': service,
    'com.docker.compose.container-number': String(replica),
    'com.docker.compose.oneoff': 'False',
    'com.docker.compose.depends_on': dependencies.join(','),
    'com.docker.compose.image': context.image?.id,
    'com.docker.compose.config-hash': context.configHash,
    'com.docker.compose.project.config_files': context.files?.paths.join(','),
    'com.docker.compose.project.working_dir': context.files?.folder,
    [MODE_LABEL]: context.mode ?? undefined,
    // What is copied in cannot be seen in an inspection. Of secrets not even a hash is written down.
    [CONTENT_LABEL]:
      contents.length === 0
        ? undefined
        : createHash('sha256').update(contents.sort().join('\0')).digest('hex').slice(0, 16),
  };
  return withoutUndefined(labels) as Record<string, string>;
}
