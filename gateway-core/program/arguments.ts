// The command line and environment of the gateway program. A flag wins over its variable.
import { parseArgs } from 'node:util';
import { type BindAddress, parseBindAddress } from '../resolve/ports.ts';

export interface ProgramArguments {
  readonly config: string;
  readonly adminSocket: string | undefined;
  readonly hostsFile: string | undefined;
  /** From --listen; wins over the configuration and GATEHOUSE_PORTS. */
  readonly listen: BindAddress | undefined;
  readonly ports: string | undefined;
  readonly name: string | undefined;
  readonly check: boolean;
}

export const usage = `gateway --config FILE [--admin-socket PATH] [--hosts FILE] [--listen HOST:PORT] [--name NAME] [--check]
gateway relay [--allow tcp]   started by the console in the gateway's container; see gateway relay --help

  --config FILE        gateway.yaml; GATEHOUSE_CONFIG
  --admin-socket PATH  serve the admin API on this unix socket; GATEHOUSE_ADMIN_SOCKET
  --hosts FILE         JSON that maps name:port to the address to dial; GATEHOUSE_HOSTS_FILE
  --listen HOST:PORT   instead of the configured address
  --name NAME          how the gateway is called in tap and stats; GATEHOUSE_NAME, else the machine's name
  --check              check the configuration, print what is wrong with it, and end

GATEHOUSE_PORTS, for example {"8080":"127.0.0.1:21005"}, says where a configured port is bound.
Exit codes: 0 fine, 1 the configuration is not valid or the address is taken, 2 wrong use.
`;

/** Throws an Error with a message for the operator when the use is wrong. */
export function parseProgramArguments(argv: readonly string[], env: NodeJS.ProcessEnv): ProgramArguments {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      config: { type: 'string' },
      'admin-socket': { type: 'string' },
      hosts: { type: 'string' },
      listen: { type: 'string' },
      name: { type: 'string' },
      check: { type: 'boolean', default: false },
    },
  });
  const config = values.config ?? env.GATEHOUSE_CONFIG;
  if (!config) throw new Error('no configuration is given; add --config FILE or set GATEHOUSE_CONFIG');
  return {
    config,
    adminSocket: values['admin-socket'] ?? (env.GATEHOUSE_ADMIN_SOCKET || undefined),
    hostsFile: values.hosts ?? (env.GATEHOUSE_HOSTS_FILE || undefined),
    listen: values.listen === undefined ? undefined : parseBindAddress(values.listen),
    ports: env.GATEHOUSE_PORTS || undefined,
    name: values.name ?? (env.GATEHOUSE_NAME || undefined),
    check: values.check,
  };
}
