// The shape of a service, key by key in the specification's order.
import { find, isList, isMap, isText, type Node, toFields, toMap, toScalar, toText, withEntry } from '../node.ts';
import { build, ulimits } from './build.ts';
import { deploy, gpus } from './deploy.ts';
import { fileReferences } from './fileReferences.ts';
import { ports } from './ports.ts';
import { names } from './resources.ts';
import {
  anything,
  bytes,
  duration,
  flag,
  fraction,
  list,
  type RecordShape,
  record,
  type Shape,
  table,
  text,
  whole,
} from './shape.ts';
import { hosts, keyOfPair, namesToMap, pairs, texts, toItems } from './shortForms.ts';
import { devices, mounts } from './volumes.ts';

const command: Shape = { is: 'command', merge: 'replace', nullable: true, keepEmpty: true, absentIsNull: true };
const blockRate = list(record({ path: text(), rate: bytes() }, { closed: true }));

const dependencies = table(
  record(
    {
      condition: text({ oneOf: ['service_started', 'service_healthy', 'service_completed_successfully'] }),
      restart: flag(),
      required: flag({ strict: true, keepEmpty: true }),
    },
    {
      required: ['condition'],
      defaults: (node) =>
        isMap(node) && !node.entries.has('required') ? withEntry(node, 'required', toScalar(true, node.place)) : node,
    },
  ),
  {
    names,
    toLong: namesToMap((name) => toFields({ condition: 'service_started', required: true }, name.place)),
  },
);

const attachments = table(
  record(
    {
      aliases: texts({ unique: true, keyOf: keyOfPair }),
      ipv4_address: text(),
      ipv6_address: text(),
      link_local_ips: texts({ unique: true, keyOf: keyOfPair }),
      mac_address: text(),
      driver_opts: table({ is: 'pairValue', whenNull: 'empty' }),
      priority: whole({ strict: true }),
      gw_priority: whole({ strict: true }),
    },
    { nullable: true, keepEmpty: true },
  ),
  { names, toLong: namesToMap((name) => toScalar(null, name.place)) },
);

const hook = list(
  record({ command, user: text(), privileged: flag(), working_dir: text(), environment: pairs('null') }),
);

const healthcheck = record(
  {
    test: { is: 'command', shell: 'CMD-SHELL', merge: 'replace' },
    timeout: duration(),
    interval: duration(),
    retries: whole({ keepEmpty: true, min: 0 }),
    start_period: duration(),
    start_interval: duration(),
    disable: flag(),
  },
  { keepEmpty: true },
);

const logging = record(
  { driver: text(), options: table({ is: 'pairValue', whenNull: 'empty', nullable: true }) },
  {
    keepEmpty: true,
    // Options of one driver mean nothing to another.
    merge(base, over) {
      const [before, after] = [find(base, 'driver'), find(over, 'driver')];
      return before && after && toText(before) !== toText(after) ? 'replace' : 'merge';
    },
  },
);

const envFile = record(
  { path: text({ path: 'file' }), format: text(), required: flag() },
  { required: ['path'], closed: true, toLong: (node) => (isText(node) ? toFields({ path: node }, node.place) : node) },
);

const watch = list(
  record(
    {
      path: text({ path: 'file' }),
      action: text({ oneOf: ['rebuild', 'sync', 'restart', 'sync+restart', 'sync+exec'] }),
      target: text(),
      exec: hook.of,
      ignore: texts(),
    },
    {
      required: ['path', 'action'],
      defaults: (node) =>
        isMap(node) && !node.entries.has('exec') ? withEntry(node, 'exec', toMap([], node.place)) : node,
    },
  ),
);

/** A variable that is empty asks no server. */
function toDnsServers(node: Node): Node {
  const servers = toItems(node);
  if (!isList(servers)) return servers;
  return { ...servers, items: servers.items.filter((item) => toText(item) !== '') };
}

/** The default of compose: a secret without a target is put under /run/secrets. */
function secretTarget(node: Node): Node {
  if (!isMap(node)) return node;
  const source = node.entries.get('source');
  if (!source || node.entries.has('target')) return node;
  return withEntry(node, 'target', toScalar(`/run/secrets/${toText(source)}`, node.place));
}

export const service: RecordShape = record({
  annotations: pairs('empty'),
  attach: flag({ keepEmpty: true }),
  build,
  blkio_config: record(
    {
      weight: whole({ strict: true }),
      weight_device: list(record({ path: text(), weight: whole({ strict: true }) }, { closed: true })),
      device_read_bps: blockRate,
      device_read_iops: blockRate,
      device_write_bps: blockRate,
      device_write_iops: blockRate,
    },
    { closed: true, keepEmpty: true },
  ),
  cap_add: texts({ unique: true, keyOf: keyOfPair }),
  cap_drop: texts({ unique: true, keyOf: keyOfPair }),
  cgroup: text({ oneOf: ['host', 'private'] }),
  cgroup_parent: text(),
  command: command,
  configs: fileReferences(),
  container_name: text(),
  cpu_count: whole({ min: 0 }),
  cpu_percent: whole({ min: 0, max: 100 }),
  cpu_period: whole(),
  cpu_quota: whole(),
  cpu_rt_period: whole(),
  cpu_rt_runtime: whole(),
  cpu_shares: whole(),
  cpus: fraction(),
  cpuset: text(),
  credential_spec: record({ config: text(), file: text(), registry: text() }, { keepEmpty: true }),
  depends_on: dependencies,
  deploy,
  develop: record({ watch }, { nullable: true, keepEmpty: true }),
  device_cgroup_rules: texts({ unique: true }),
  devices,
  dns: { ...texts({ unique: true, keyOf: keyOfPair }), toLong: toDnsServers },
  dns_opt: texts({ single: true, unique: true, keyOf: keyOfPair }),
  dns_search: texts({ single: true, unique: true, keyOf: keyOfPair }),
  domainname: text(),
  entrypoint: command,
  env_file: texts({ single: true, of: envFile, keyOf: (item) => toText(find(item, 'path')) }),
  environment: pairs('null'),
  expose: list(text({ numbers: true }), { unique: true, keyOf: (item) => toText(item) }),
  extends: anything(),
  external_links: texts({ unique: true }),
  extra_hosts: hosts,
  gpus,
  group_add: list(text({ numbers: true }), { unique: true }),
  healthcheck,
  hostname: text(),
  image: text(),
  init: flag({ keepEmpty: true }),
  ipc: text(),
  isolation: text(),
  label_file: texts({ single: true, of: text({ path: 'file' }) }),
  labels: pairs('empty'),
  links: texts({ unique: true, keyOf: keyOfPair }),
  logging,
  mac_address: text(),
  mem_limit: bytes(),
  mem_reservation: bytes(),
  mem_swappiness: bytes(),
  memswap_limit: bytes(),
  network_mode: text(),
  networks: attachments,
  oom_kill_disable: flag(),
  oom_score_adj: whole({ min: -1000, max: 1000 }),
  pid: text({ nullable: true }),
  pids_limit: whole(),
  platform: text(),
  ports,
  post_start: hook,
  pre_stop: hook,
  privileged: flag(),
  profiles: texts({ unique: true, keyOf: keyOfPair }),
  pull_policy: text({ oneOf: ['always', 'never', 'if_not_present', 'build', 'missing'] }),
  read_only: flag(),
  restart: text(),
  runtime: text(),
  scale: whole({ keepEmpty: true }),
  secrets: fileReferences('/run/secrets', secretTarget),
  security_opt: texts({ unique: true }),
  shm_size: bytes(),
  stdin_open: flag(),
  stop_grace_period: duration(),
  stop_signal: text(),
  storage_opt: table({ is: 'pairValue', whenNull: 'empty' }),
  sysctls: pairs('empty'),
  tmpfs: texts({ single: true, unique: true, keyOf: keyOfPair }),
  tty: flag(),
  ulimits,
  user: text(),
  userns_mode: text(),
  uts: text(),
  volumes: mounts,
  volumes_from: texts({ unique: true }),
  working_dir: text(),
});
