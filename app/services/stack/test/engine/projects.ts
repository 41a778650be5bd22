// Small projects, each about one part of the compose specification, with one change that says which services it touches.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { IMAGE } from './composeStack.ts';

export interface SmallProject {
  readonly about: string;
  readonly text: string;
  /** Text that is replaced, and by what: one field of one service. */
  readonly change: readonly [string, string];
  readonly prepare?: (folder: string) => void;
  /** Compose compares these by a hash that holds the id of another container. */
  readonly isMadeAnewByCompose?: readonly string[];
}

/** Ends at once when asked to. */
const rest = `image: ${IMAGE}, entrypoint: [sleep, infinity], init: true`;

const write = (name: string, text: string) => (folder: string) => writeFileSync(join(folder, name), text);

export const PROJECTS: readonly SmallProject[] = [
  {
    about: 'one service',
    text: `services: { a: { ${rest} } }`,
    change: ['init: true', 'init: false, stop_signal: SIGKILL'],
  },
  {
    about: 'variables and labels',
    text: `
services:
  a: { ${rest}, environment: { A: "1", EMPTY: "", NODE_ENV: development }, labels: { team: shop } }
  b: { ${rest}, environment: ["X=a=b"], labels: ["plain"] }`,
    change: ['A: "1"', 'A: "2"'],
  },
  {
    about: 'ports',
    text: `
services:
  a: { ${rest}, ports: ["127.0.0.1::80", "90", "127.0.0.1::53/udp"], expose: ["99"] }
  b: { ${rest}, expose: ["100-102"] }`,
    change: ['"90"', '"91"'],
  },
  {
    about: 'volumes with and without a name',
    text: `
services:
  a: { ${rest}, volumes: ["data:/data", "/anonymous", "other:/other:ro"] }
  b: { ${rest}, volumes: ["data:/data:ro"] }
volumes: { data: { labels: { kept: "yes" } }, other: }`,
    change: ['data:/data:ro', 'data:/data'],
  },
  {
    about: 'folders and files of the host',
    text: `
services:
  a:
    ${rest.replaceAll(', ', '\n    ').replace('[sleep\n    infinity]', '[sleep, infinity]')}
    volumes:
      - ./file.txt:/file.txt:ro
      - ./made-up:/made-up
      - { type: bind, source: ./folder, target: /folder, read_only: true }
      - { type: bind, source: ./folder, target: /shared, bind: { propagation: rprivate } }`,
    change: ['/file.txt:ro', '/file.txt'],
    prepare: (folder) => {
      write('file.txt', 'x')(folder);
      mkdirSync(join(folder, 'folder'));
    },
  },
  {
    about: 'memory as a file system',
    text: `
services:
  a: { ${rest}, tmpfs: ["/run:size=1m", /scratch], volumes: [{ type: tmpfs, target: /t, tmpfs: { size: 1000000, mode: 0o1777 } }] }`,
    change: ['size=1m', 'size=2m'],
  },
  {
    about: 'networks with aliases',
    text: `
services:
  a: { ${rest}, networks: { front: { aliases: [www, home] }, back: } }
  b: { ${rest}, networks: [back] }
networks: { front: { labels: { open: "yes" } }, back: { internal: true } }`,
    change: ['[www, home]', '[www]'],
  },
  {
    about: 'addresses',
    text: `
services:
  a: { ${rest}, networks: { n: { ipv4_address: SUBNET.10 } } }
networks: { n: { ipam: { config: [{ subnet: SUBNET.0/24, gateway: SUBNET.1, ip_range: SUBNET.128/25 }] } } }`,
    change: ['SUBNET.10', 'SUBNET.11'],
  },
  {
    about: 'limits of deploy',
    text: `
services:
  a: { ${rest}, deploy: { resources: { limits: { cpus: "0.5", memory: 64M, pids: 50 }, reservations: { memory: 32M } } } }
  b: { ${rest}, deploy: { restart_policy: { condition: on-failure, max_attempts: 2 } } }`,
    change: ['memory: 64M', 'memory: 96M'],
  },
  {
    about: 'limits of old',
    text: `
services:
  a: { ${rest}, mem_limit: 64m, memswap_limit: 64m, mem_reservation: 16m, mem_swappiness: 10, cpus: 0.25, cpu_shares: 500, cpuset: "0", pids_limit: 40 }`,
    change: ['cpus: 0.25', 'cpus: 0.75'],
  },
  {
    about: 'health checks that are waited for',
    text: `
services:
  db: { ${rest}, healthcheck: { test: "true", interval: 1s, timeout: 5s, retries: 5, start_period: 1s } }
  a: { ${rest}, depends_on: { db: { condition: service_healthy } } }
  none: { ${rest}, healthcheck: { disable: true } }`,
    change: ['retries: 5', 'retries: 6'],
  },
  {
    about: 'jobs that are waited for',
    text: `
services:
  job: { image: ${IMAGE}, entrypoint: [sh, -c, "exit 0"], labels: { ghs.job: "1" } }
  a: { ${rest}, depends_on: { job: { condition: service_completed_successfully } } }`,
    change: ['depends_on: { job', 'environment: { X: "1" }, depends_on: { job'],
  },
  {
    about: 'restart policies',
    text: `
services:
  a: { ${rest}, restart: always }
  b: { ${rest}, restart: unless-stopped }
  c: { ${rest}, restart: "on-failure:3" }
  d: { ${rest}, restart: "no" }`,
    change: ['restart: "no"', 'restart: unless-stopped'],
  },
  {
    about: 'rights',
    text: `
services:
  a: { ${rest}, cap_add: [NET_ADMIN], cap_drop: [MKNOD, CHOWN], security_opt: ["no-new-privileges:true"], user: "1000:1000", read_only: true, group_add: ["20"] }
  b: { ${rest}, cap_drop: [ALL], user: root, userns_mode: host }`,
    change: ['[MKNOD, CHOWN]', '[MKNOD]'],
  },
  {
    about: 'settings of the kernel',
    text: `
services:
  a: { ${rest}, sysctls: { net.core.somaxconn: 512 }, ulimits: { nofile: { soft: 1000, hard: 2000 }, nproc: 4000 }, oom_score_adj: 100, shm_size: 32m }`,
    change: ['nproc: 4000', 'nproc: 5000'],
  },
  {
    about: 'names of hosts',
    text: `
services:
  a: { ${rest}, extra_hosts: ["db:10.0.0.9", "host:host-gateway"], dns: [10.0.0.53, 10.0.0.54], dns_search: example.test, dns_opt: ["timeout:1"], hostname: box, domainname: example.test }`,
    change: ['timeout:1', 'timeout:2'],
  },
  {
    about: 'logging',
    text: `
services:
  a: { ${rest}, logging: { driver: json-file, options: { max-size: 1m } } }
  b: { ${rest}, logging: { driver: none } }`,
    change: ['max-size: 1m', 'max-size: 2m'],
  },
  {
    about: 'secrets and configs of files',
    text: `
services:
  a: { ${rest}, secrets: [key, { source: key, target: another }], configs: [{ source: settings, target: /etc/settings }] }
secrets: { key: { file: ./key.txt } }
configs: { settings: { file: ./settings.txt } }`,
    change: ['/etc/settings', '/etc/other-settings'],
    prepare: (folder) => {
      write('key.txt', 'key')(folder);
      write('settings.txt', 'settings')(folder);
    },
  },
  {
    about: 'secrets and configs that are copied in',
    text: `
services:
  a: { ${rest}, secrets: [token], configs: [{ source: text, target: /etc/text }] }
secrets: { token: { environment: GHS_TOKEN } }
configs: { text: { content: "costs $$5" } }`,
    // What is copied in cannot be seen in an inspection: of compose's own containers only drift tells of another target.
    change: ['secrets: [token]', 'environment: { X: "1" }, secrets: [token]'],
  },
  {
    about: 'replicas',
    text: `
services:
  a: { ${rest}, scale: 3 }
  b: { ${rest}, deploy: { replicas: 2 } }
  none: { ${rest}, scale: 0 }`,
    change: ['scale: 3', 'scale: 3, environment: { X: "1" }'],
  },
  {
    about: 'no network, and the host’s',
    text: `
services:
  a: { ${rest}, network_mode: none }
  b: { ${rest}, network_mode: host }
  c: { ${rest}, network_mode: bridge }`,
    change: ['network_mode: none', 'network_mode: bridge'],
  },
  {
    about: 'namespaces and volumes of another service',
    text: `
services:
  db: { ${rest}, ipc: shareable, volumes: ["data:/data", "/more"] }
  side: { ${rest}, network_mode: "service:db", pid: "service:db", ipc: "service:db", volumes_from: [db] }
volumes: { data: }`,
    change: ['["data:/data", "/more"]', '["data:/data"]'],
    isMadeAnewByCompose: ['side'],
  },
  {
    about: 'names and links',
    text: `
services:
  db: { ${rest}, container_name: "\${COMPOSE_PROJECT_NAME}-the-database" }
  a: { ${rest}, links: ["db:database", db] }`,
    change: ['db:database', 'db:store'],
  },
  {
    about: 'terminals, folders and the end',
    text: `
services:
  a: { ${rest}, tty: true, stdin_open: true, working_dir: /tmp, stop_grace_period: 3s, stop_signal: SIGINT }
  b: { image: ${IMAGE}, entrypoint: [sleep], command: ["1000"], stop_signal: SIGKILL }
  c: { image: ${IMAGE}, entrypoint: [sh, -c], command: "'while :; do sleep 1; done'", init: true, stop_signal: SIGKILL }`,
    change: ['["1000"]', '["1001"]'],
  },
  {
    about: 'devices',
    text: `
services:
  a: { ${rest}, devices: ["/dev/null:/dev/nothing:r", "/dev/zero"], device_cgroup_rules: ["c 1:3 mr"] }`,
    change: ['nothing:r', 'nothing:rw'],
  },
  {
    about: 'one change at several services',
    text: `
x-common: &common { ${rest}, environment: { LEVEL: info } }
services:
  a: *common
  b: { <<: *common, depends_on: [a] }
  c: { ${rest}, depends_on: { b: { condition: service_started, restart: true } } }`,
    change: ['LEVEL: info', 'LEVEL: debug'],
  },
  {
    about: 'extra settings of networks',
    text: `
services:
  a: { ${rest}, networks: { n: { priority: 10 }, default: { priority: 1 } } }
  b: { ${rest} }
networks: { n: { attachable: true, driver_opts: { com.docker.network.bridge.enable_icc: "false" } } }`,
    change: ['{ priority: 10 }', '{ priority: 10, aliases: [x] }'],
  },
];
