// Limits of a container: memory, processors, processes, devices, block input and output.
import type { Service } from '../compose/project.ts';
import { toTexts } from './networkSection.ts';
import { toBytes } from './quantities.ts';
import { withoutUndefined } from './rawValues.ts';

export function toResources(service: Service): Record<string, unknown> {
  const limits = service.deploy?.resources?.limits;
  const reservations = service.deploy?.resources?.reservations;
  const cpus = toNumber(limits?.cpus) ?? toNumber(service.cpus);
  return withoutUndefined({
    Memory: toBytes(limits?.memory) ?? toBytes(service.mem_limit),
    MemoryReservation: toBytes(reservations?.memory) ?? toBytes(service.mem_reservation),
    MemorySwap: toBytes(service.memswap_limit),
    MemorySwappiness: toNumber(service.mem_swappiness),
    NanoCpus: cpus === undefined ? undefined : Math.round(cpus * 1e9),
    CpuShares: toNumber(service.cpu_shares),
    CpuPeriod: toMicroseconds(service.cpu_period),
    CpuQuota: toMicroseconds(service.cpu_quota),
    CpuRealtimePeriod: toMicroseconds(service.cpu_rt_period),
    CpuRealtimeRuntime: toMicroseconds(service.cpu_rt_runtime),
    CpuCount: toNumber(service.cpu_count),
    CpusetCpus: service.cpuset,
    PidsLimit: toNumber(limits?.pids) ?? toNumber(service.pids_limit),
    ShmSize: toBytes(service.shm_size),
    OomKillDisable: service.oom_kill_disable,
    OomScoreAdj: toNumber(service.oom_score_adj),
    CgroupParent: service.cgroup_parent,
    Ulimits: toUlimits(service.ulimits),
    Devices: toDevices(service.devices),
    DeviceCgroupRules: service.device_cgroup_rules,
    DeviceRequests: toDeviceRequests(service),
    ...toBlockIo(service.blkio_config),
  });
}

function toNumber(value: unknown): number | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const number = Number(value);
  return Number.isNaN(number) ? undefined : number;
}

/** A plain number, or a duration with its unit. */
function toMicroseconds(value: unknown): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(us|ms|s)?$/.exec(String(value ?? ''));
  if (!match) return undefined;
  const factor = { us: 1, ms: 1000, s: 1e6 }[match[2] ?? 'us'] ?? 1;
  return Math.round(Number(match[1]) * factor);
}

function toUlimits(ulimits: Service['ulimits']): Record<string, unknown>[] | undefined {
  if (!ulimits || Object.keys(ulimits).length === 0) return undefined;
  return Object.entries(ulimits).map(([name, limit]) =>
    typeof limit === 'object'
      ? { Name: name, Soft: limit.soft ?? 0, Hard: limit.hard ?? 0 }
      : { Name: name, Soft: Number(limit), Hard: Number(limit) },
  );
}

/** `/dev/x:/dev/y:rwm` or its long form. */
function toDevices(devices: unknown): Record<string, unknown>[] | undefined {
  if (!Array.isArray(devices) || devices.length === 0) return undefined;
  return devices.map((device: unknown) => {
    const [source = '', target = source, permissions = 'rwm'] =
      typeof device === 'string' ? device.split(':') : toTexts(Object.values(pickDevice(device)));
    return { PathOnHost: source, PathInContainer: target, CgroupPermissions: permissions };
  });
}

function pickDevice(device: unknown): { source: unknown; target: unknown; permissions: unknown } {
  const { source, target, permissions } = device as Record<string, unknown>;
  return { source, target: target ?? source, permissions: permissions ?? 'rwm' };
}

function toDeviceRequests(service: Service): Record<string, unknown>[] | undefined {
  const reserved = (service.deploy?.resources?.reservations as Record<string, unknown> | undefined)?.devices;
  const requests = [
    ...(Array.isArray(reserved) ? reserved : []).map((one) => toDeviceRequest(one, [])),
    ...(Array.isArray(service.gpus) ? service.gpus : []).map((one) => toDeviceRequest(one, ['gpu'])),
  ];
  return requests.length > 0 ? requests : undefined;
}

function toDeviceRequest(device: Record<string, unknown>, more: readonly string[]): Record<string, unknown> {
  const ids = toTexts(device.device_ids);
  return withoutUndefined({
    Driver: device.driver,
    Count: device.count === 'all' ? -1 : (toNumber(device.count) ?? (ids.length > 0 ? undefined : -1)),
    DeviceIDs: ids.length > 0 ? ids : undefined,
    Capabilities: [[...toTexts(device.capabilities), ...more]],
    Options: device.options,
  });
}

function toBlockIo(config: unknown): Record<string, unknown> {
  if (typeof config !== 'object' || config === null) return {};
  const io = config as Record<string, unknown>;
  const list = (key: string) => (Array.isArray(io[key]) ? (io[key] as Record<string, unknown>[]) : undefined);
  const rates = (key: string) => list(key)?.map(({ path, rate }) => ({ Path: path, Rate: toBytes(rate) }));
  return {
    BlkioWeight: toNumber(io.weight),
    BlkioWeightDevice: list('weight_device')?.map(({ path, weight }) => ({ Path: path, Weight: toNumber(weight) })),
    BlkioDeviceReadBps: rates('device_read_bps'),
    BlkioDeviceReadIOps: rates('device_read_iops'),
    BlkioDeviceWriteBps: rates('device_write_bps'),
    BlkioDeviceWriteIOps: rates('device_write_iops'),
  };
}
