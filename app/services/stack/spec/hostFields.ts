import type { EngineDefaults } from '../../docker/stackParts.ts';
import { field, mapFields, type Pair, setField } from './fieldPairs.ts';
import { formatExactBytes } from './quantities.ts';
import { type Raw, readMap, readMaps, readNumber, readText, readTexts } from './rawValues.ts';

export function toHostFields(host: Raw, defaults: EngineDefaults): Pair[] {
  return [
    ...toPortFields(host),
    ...toRightFields(host),
    ...toNamespaceFields(host, defaults),
    ...toLimitFields(host),
    ...toLoggingFields(readMap(host.LogConfig), defaults),
    ...field('restart', toRestart(readMap(host.RestartPolicy)), ['no']),
    ...setField('extra_hosts', readTexts(host.ExtraHosts)),
    ...field('dns', readTexts(host.Dns).join(', ')),
    ...field('dns_opt', readTexts(host.DnsOptions).join(', ')),
    ...field('dns_search', readTexts(host.DnsSearch).join(', ')),
    ...mapFields('sysctls', host.Sysctls),
    ...mapFields('storage_opt', host.StorageOpt),
    ...mapFields('annotations', host.Annotations),
    ...field('runtime', readText(host.Runtime), [defaults.runtime]),
    ...field('isolation', readText(host.Isolation), ['default']),
  ];
}

function toPortFields(host: Raw): Pair[] {
  return Object.entries(readMap(host.PortBindings)).flatMap(([port, bindings]) => {
    const addresses = readMaps(bindings).map(({ HostIp, HostPort }) => {
      const published = readText(HostPort);
      return [readText(HostIp), published === '0' || published === '' ? 'any' : published].filter(Boolean).join(':');
    });
    return setField(`ports.${port}`, addresses);
  });
}

function toRestart({ Name, MaximumRetryCount }: Raw): string {
  const name = readText(Name) || 'no';
  const attempts = readNumber(MaximumRetryCount);
  return name === 'on-failure' && attempts > 0 ? `${name}:${attempts}` : name;
}

function toRightFields(host: Raw): Pair[] {
  const capability = (name: string) => name.toUpperCase().replace(/^CAP_/, '');
  // The engine adds this itself where labels cannot be enforced across a shared namespace.
  const security = readTexts(host.SecurityOpt).filter((option) => option !== 'label=disable');
  return [
    ...setField('cap_add', readTexts(host.CapAdd).map(capability)),
    ...setField('cap_drop', readTexts(host.CapDrop).map(capability)),
    ...setField('security_opt', security),
    ...setField('group_add', readTexts(host.GroupAdd)),
    ...field('privileged', String(host.Privileged === true), ['false']),
    ...field('read_only', String(host.ReadonlyRootfs === true), ['false']),
    ...field('init', String(host.Init === true), ['false']),
  ];
}

function toNamespaceFields(host: Raw, { cgroupVersion }: EngineDefaults): Pair[] {
  return [
    // Which of the two is the default is a setting of the daemon.
    ...field('ipc', readText(host.IpcMode), ['private', 'shareable']),
    ...field('pid', readText(host.PidMode)),
    ...field('uts', readText(host.UTSMode)),
    ...field('userns_mode', readText(host.UsernsMode)),
    ...field('cgroup', readText(host.CgroupnsMode), [cgroupVersion === '1' ? 'host' : 'private']),
    ...field('cgroup_parent', readText(host.CgroupParent)),
    // Compose 2.26 loses the `:ro`; a container of its making is not made anew for that.
    ...setField(
      'volumes_from',
      readTexts(host.VolumesFrom).map((text) => text.split(':')[0] ?? ''),
    ),
    ...field('volume_driver', readText(host.VolumeDriver), ['local']),
  ];
}

function toLimitFields(host: Raw): Pair[] {
  const number = (name: string, key: string, format: (value: number) => string = String) =>
    field(name, readNumber(host[key]) === 0 ? '' : format(readNumber(host[key])));
  const memory = readNumber(host.Memory);
  const swap = readNumber(host.MemorySwap);
  return [
    ...number('mem_limit', 'Memory', formatExactBytes),
    ...number('mem_reservation', 'MemoryReservation', formatExactBytes),
    // Where no swap limit is asked for, the engine sets twice the memory, or none.
    ...field('memswap_limit', swap === 0 || swap === 2 * memory ? '' : formatExactBytes(swap)),
    ...field('mem_swappiness', typeof host.MemorySwappiness === 'number' ? String(host.MemorySwappiness) : '', ['-1']),
    ...number('cpus', 'NanoCpus', (value) => String(value / 1e9)),
    ...number('cpu_shares', 'CpuShares'),
    ...number('cpu_period', 'CpuPeriod'),
    ...number('cpu_quota', 'CpuQuota'),
    ...number('cpu_rt_period', 'CpuRealtimePeriod'),
    ...number('cpu_rt_runtime', 'CpuRealtimeRuntime'),
    ...number('cpu_count', 'CpuCount'),
    ...field('cpuset', readText(host.CpusetCpus)),
    ...number('pids_limit', 'PidsLimit'),
    ...field('shm_size', formatExactBytes(readNumber(host.ShmSize)), ['0', '64m']),
    ...field('oom_kill_disable', String(host.OomKillDisable === true), ['false']),
    ...number('oom_score_adj', 'OomScoreAdj'),
    ...readMaps(host.Ulimits).map(
      ({ Name, Soft, Hard }): Pair => [`ulimits.${readText(Name)}`, `${readNumber(Soft)}:${readNumber(Hard)}`],
    ),
    ...toDeviceFields(host),
    ...toBlockFields(host),
  ];
}

function toDeviceFields(host: Raw): Pair[] {
  const devices = readMaps(host.Devices).map(
    ({ PathOnHost, PathInContainer, CgroupPermissions }) =>
      `${readText(PathOnHost)}:${readText(PathInContainer)}:${readText(CgroupPermissions)}`,
  );
  const requests = readMaps(host.DeviceRequests).map(({ Driver, Count, DeviceIDs, Capabilities, Options }) =>
    JSON.stringify([readText(Driver), readNumber(Count), readTexts(DeviceIDs), Capabilities ?? [], readMap(Options)]),
  );
  return [
    ...setField('devices', devices),
    ...setField('device_cgroup_rules', readTexts(host.DeviceCgroupRules)),
    ...setField('gpus', requests),
  ];
}

function toBlockFields(host: Raw): Pair[] {
  const weights = readMaps(host.BlkioWeightDevice).map(({ Path, Weight }) => `${readText(Path)}:${readNumber(Weight)}`);
  const rates = ['ReadBps', 'ReadIOps', 'WriteBps', 'WriteIOps'].flatMap((kind) => {
    const limits = readMaps(host[`BlkioDevice${kind}`]);
    return setField(
      `blkio_config.device_${kind}`,
      limits.map(({ Path, Rate }) => `${readText(Path)}:${readNumber(Rate)}`),
    );
  });
  const weight = readNumber(host.BlkioWeight);
  return [
    ...field('blkio_config.weight', weight === 0 ? '' : String(weight)),
    ...setField('blkio_config.weight_device', weights),
    ...rates,
  ];
}

function toLoggingFields({ Type, Config }: Raw, { loggingDriver }: EngineDefaults): Pair[] {
  return [...field('logging.driver', readText(Type), [loggingDriver]), ...mapFields('logging.options', Config)];
}
