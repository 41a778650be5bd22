// How far a container is kept apart from the host.
import type { Part } from '../facts/facts.ts';
import { cis, fail, inBoth, inProduction, model, ofParts, pass, type Rule, toList, unknown } from './rule.ts';

/** Capabilities that are as good as root on the host, or nearly so (capabilities(7)). */
const DANGEROUS = [
  'ALL',
  'SYS_ADMIN',
  'SYS_MODULE',
  'SYS_PTRACE',
  'SYS_RAWIO',
  'SYS_BOOT',
  'SYS_TIME',
  'NET_ADMIN',
  'NET_RAW',
  'DAC_READ_SEARCH',
  'DAC_OVERRIDE',
  'MAC_ADMIN',
  'MAC_OVERRIDE',
  'BPF',
  'PERFMON',
  'SYSLOG',
  'AUDIT_CONTROL',
];

/** Folders of the host from which one gets the host (CIS 5.6). */
const SENSITIVE =
  /^\/(boot|dev|etc|home|lib|lib64|proc|root|run|sys|usr|var|var\/lib|var\/run|var\/lib\/docker.*|var\/lib\/containerd.*)?\/?$/;
/** What many containers read to have the time of the place. */
const HARMLESS = /^\/etc\/(localtime|timezone)$/;

const isRoot = (user: string) => /^(root|0)(:|$)/.test(user);

function judgeUser({ user, imageFact }: Part) {
  if (user !== null && user !== '') return isRoot(user) ? fail(`runs as ${user}`) : pass('runs as a user of its own');
  if (imageFact === null) return unknown('the file names no user, and the image was not looked at');
  if (imageFact.user === '' || isRoot(imageFact.user))
    return fail('starts as root: neither file nor image name a user');
  return pass('runs as a user of its own');
}

const capability = (name: string) => name.toUpperCase().replace(/^CAP_/, '');

export const isolationRules: readonly Rule[] = [
  {
    id: 'isolation.privileged',
    severity: 'critical',
    title: 'No container is privileged',
    remedy: 'Take `privileged: true` away; name with `cap_add` or `devices` the one thing that is needed.',
    source: cis('5.5'),
    modes: inBoth,
    isEnforcedByEngine: true,
    judge: ofParts(({ isPrivileged }) =>
      isPrivileged ? fail('is privileged: it has every device and capability of the host') : pass('is not privileged'),
    ),
  },
  {
    id: 'isolation.host-network',
    severity: 'critical',
    title: 'No container is in the network of the host',
    remedy: 'Take `network_mode: host` away, and name the networks that the service needs.',
    source: cis('5.10'),
    modes: inBoth,
    isEnforcedByEngine: true,
    judge: ofParts(({ networkMode }) =>
      networkMode === 'host'
        ? fail('is in the network of the host: no network of the stack keeps it in, and all that it opens is published')
        : pass('has a network of its own'),
    ),
  },
  {
    id: 'isolation.host-namespaces',
    severity: 'high',
    title: 'No container shares processes, memory or names with the host',
    remedy: 'Take `pid: host`, `ipc: host`, `uts: host` and `userns_mode: host` away.',
    source: cis('5.16, 5.17, 5.21 and 5.31'),
    modes: inBoth,
    isEnforcedByEngine: true,
    judge: ofParts(({ sharedNamespaces }) =>
      sharedNamespaces.length > 0 ? fail(`shares ${toList(sharedNamespaces)} with the host`) : pass('shares none'),
    ),
  },
  {
    id: 'isolation.capabilities-added',
    severity: 'high',
    title: 'No container is given capabilities that lead to the host',
    remedy: 'Take them out of `cap_add`; NET_BIND_SERVICE is enough for a port under 1024.',
    source: cis('5.4'),
    modes: inBoth,
    isEnforcedByEngine: true,
    judge: ofParts(({ capAdd }) => {
      const found = capAdd.map(capability).filter((name) => DANGEROUS.includes(name));
      return found.length > 0 ? fail(`is given ${toList(found)}`) : pass('is given none of them');
    }),
  },
  {
    id: 'isolation.seccomp',
    severity: 'high',
    title: 'The engine’s filters of system calls and AppArmor stay on',
    remedy: 'Take `seccomp=unconfined` and `apparmor=unconfined` out of `security_opt`.',
    source: cis('5.2 and 5.22'),
    modes: inBoth,
    isEnforcedByEngine: true,
    judge: ofParts(({ securityOptions, isPrivileged, sharedNamespaces }) => {
      // An engine takes the label off by itself where a container sees the host anyway; that is a finding of its own.
      const isTakenOff = isPrivileged || sharedNamespaces.length > 0;
      const off = securityOptions.filter(
        (option) =>
          /^(seccomp|apparmor|systempaths)[=:]unconfined$/.test(option) ||
          (!isTakenOff && /^label[=:]disable$/.test(option)),
      );
      return off.length > 0 ? fail(`has ${toList(off)}`) : pass('has the engine’s own');
    }),
  },
  {
    id: 'isolation.host-folders',
    severity: 'high',
    title: 'No folder is mounted that belongs to the host itself',
    remedy: 'Mount the one file or folder that is needed, with `:ro`.',
    source: cis('5.6'),
    modes: inBoth,
    isEnforcedByEngine: true,
    judge: ofParts(({ mounts }) => {
      const found = mounts.filter(
        ({ type, source }) => type === 'bind' && SENSITIVE.test(source) && !HARMLESS.test(source),
      );
      return found.length > 0
        ? fail(`mounts ${toList(found.map(({ source }) => source))}`)
        : pass('mounts none of them');
    }),
  },
  {
    id: 'isolation.devices',
    severity: 'medium',
    title: 'No container is given a device of the host',
    remedy: 'Take it out of `devices`.',
    source: cis('5.18'),
    modes: inProduction,
    isEnforcedByEngine: true,
    judge: ofParts(({ devices }) => (devices.length > 0 ? fail(`is given ${toList(devices)}`) : pass('is given none'))),
  },
  {
    id: 'isolation.new-privileges',
    severity: 'medium',
    title: 'No program can gain privileges that it did not start with',
    remedy: 'Write `security_opt: ["no-new-privileges:true"]`.',
    source: cis('5.26'),
    modes: inProduction,
    isEnforcedByEngine: true,
    judge: ofParts(({ securityOptions }) =>
      securityOptions.some((option) => /^no-new-privileges([=:]true)?$/.test(option))
        ? pass('has no-new-privileges')
        : fail('has no no-new-privileges: a setuid program inside makes it root'),
    ),
  },
  {
    id: 'isolation.capabilities-dropped',
    severity: 'medium',
    title: 'Programs of the stack’s own have no capabilities',
    remedy: 'Write `cap_drop: [ALL]`, and `cap_add` for the one that is needed.',
    source: `${cis('5.4')}; images of others need some of them to step down from root`,
    modes: inProduction,
    isEnforcedByEngine: true,
    judge: ofParts(
      ({ capDrop }) =>
        capDrop.map(capability).includes('ALL')
          ? pass('drops all')
          : fail(capDrop.length > 0 ? `drops ${toList(capDrop)} alone` : 'keeps the 14 that the engine gives'),
      ({ isOwn }) => isOwn,
    ),
  },
  {
    id: 'isolation.read-only',
    severity: 'medium',
    title: 'Programs of the stack’s own cannot write to their image',
    remedy: 'Write `read_only: true` and `tmpfs: [/tmp]`.',
    source: cis('5.13'),
    modes: inProduction,
    isEnforcedByEngine: true,
    judge: ofParts(
      ({ isReadOnly }) => (isReadOnly ? pass('is read-only') : fail('can write to its root: what gets in can stay')),
      ({ isOwn }) => isOwn,
    ),
  },
  {
    id: 'isolation.root-user',
    severity: 'medium',
    title: 'Programs of the stack’s own do not run as root',
    remedy: 'Write `USER` in the Dockerfile, or `user: "1000:1000"`.',
    source: cis('4.1'),
    modes: inProduction,
    isEnforcedByEngine: true,
    judge: ofParts(judgeUser, ({ isOwn }) => isOwn),
  },
  {
    id: 'isolation.said-root',
    severity: 'medium',
    title: 'No service is made to run as root',
    remedy: 'Take `user: root` away; the image steps down by itself.',
    source: `${cis('4.1')}; ${model('Security Model 1, Zero Trust')}`,
    modes: inProduction,
    isEnforcedByEngine: true,
    judge: ofParts(
      ({ user }) => (user !== null && isRoot(user) ? fail(`runs as ${user}`) : pass('no user is forced on it')),
      ({ isOwn }) => !isOwn,
    ),
  },
];
