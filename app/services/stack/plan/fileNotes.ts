// Files of this machine that a service mounts: missing ones, and what cannot be supported. Nobody looked on a remote engine.
import type { Project, Service } from '../compose/project.ts';
import { getService } from '../spec/names.ts';
import { toTexts } from '../spec/networkSection.ts';
import type { Draft } from './draft.ts';
import type { ObservedStack } from './observedStack.ts';

export function checkFiles(project: Project, services: readonly string[], observed: ObservedStack, draft: Draft): void {
  for (const name of services) {
    const service = getService(project, name);
    checkBinds(name, service, observed, draft);
    for (const kind of ['secret', 'config'] as const) checkObjects({ project, name, service, observed, draft }, kind);
    checkSupported(name, service, observed, draft);
  }
}

function checkBinds(name: string, service: Service, observed: ObservedStack, { warnings, blockers }: Draft): void {
  for (const { type, source = '', target, bind } of service.volumes ?? []) {
    if (type !== 'bind' || observed.files[source] !== 'missing') continue;
    const isMade = bind?.create_host_path === true;
    const note = {
      code: 'file-missing',
      subject: name,
      message: `service "${name}" mounts ${source} at ${target}, which is not there${isMade ? '; the engine would make an empty folder of that name' : ''}.`,
      remedy: 'Create it, or correct the path.',
    };
    (isMade ? warnings : blockers).push(note);
  }
}

interface ObjectInput {
  readonly project: Project;
  readonly name: string;
  readonly service: Service;
  readonly observed: ObservedStack;
  readonly draft: Draft;
}

function checkObjects({ project, name, service, observed, draft }: ObjectInput, kind: 'secret' | 'config'): void {
  for (const { source } of service[`${kind}s`] ?? []) {
    const object = project[`${kind}s`]?.[source];
    const block = (code: string, problem: string, remedy: string) =>
      draft.blockers.push({
        code,
        subject: name,
        message: `service "${name}" uses the ${kind} "${source}", ${problem}`,
        remedy,
      });
    if (!object) block(`${kind}-missing`, 'which the files do not define.', `Define it under \`${kind}s:\`.`);
    else if (object.external) {
      block(
        `${kind}-external`,
        'which is external: only a swarm has those.',
        'Give it a file, a variable or a content.',
      );
    } else if (object.file !== undefined && ['missing', 'unreadable'].includes(observed.files[object.file] ?? 'file')) {
      block(
        `${kind}-missing`,
        `whose file ${object.file} is ${observed.files[object.file]}.`,
        'Create the file, or correct the path.',
      );
    } else if (object.environment !== undefined && observed.variables[object.environment] === false) {
      block(
        `${kind}-missing`,
        `whose variable ${object.environment} is not set.`,
        `Set ${object.environment} before it is started.`,
      );
    } else if (object.file === undefined && service.read_only) {
      block(
        `${kind}-read-only`,
        'which has to be copied in, but its file system is read-only.',
        'Use a file as the source, or leave `read_only` out.',
      );
    }
  }
}

/** Keys that would be left out silently otherwise. */
const unsupported: Readonly<Record<string, string>> = {
  credential_spec: 'only Windows containers have it',
  provider: 'services that another program provides are not supported',
  models: 'models are not supported',
  post_start: 'hooks are not supported',
  pre_stop: 'hooks are not supported',
  use_api_socket: 'handing over the socket of the engine is not supported',
};

function checkSupported(name: string, service: Service, observed: ObservedStack, { blockers }: Draft): void {
  const block = (key: string, why: string, remedy = `Remove \`${key}\`, or start this service with docker compose.`) =>
    blockers.push({ code: 'unsupported', subject: name, message: `service "${name}" has \`${key}\`: ${why}.`, remedy });
  for (const [key, why] of Object.entries(unsupported)) if (service[key] !== undefined) block(key, why);
  for (const option of toTexts(service.security_opt)) {
    if (/^seccomp[=:](?!unconfined$|builtin$)/.test(option))
      block('security_opt', `a seccomp profile from a file (${option}) is not supported`);
  }
  if (service.healthcheck?.start_interval !== undefined && !isAtLeast(observed.defaults.apiVersion, '1.44')) {
    block(
      'healthcheck.start_interval',
      `this engine (API ${observed.defaults.apiVersion}) does not know it; it takes Docker 25`,
      'Remove it, or use a newer engine.',
    );
  }
}

/** Of versions like `1.44`. */
export function isAtLeast(version: string, wanted: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = wanted.split('.').map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}
