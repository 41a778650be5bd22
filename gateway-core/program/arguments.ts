// The command line and environment of the gateway program. A flag wins over its variable.
import { parseArgs } from 'node:util';
import type { Surroundings } from '../exchange/surroundings.ts';
import { type BindAddress, parseBindAddress } from '../resolve/ports.ts';

export interface ProgramArguments {
  /** undefined only with --schema. */
  readonly config: string | undefined;
  readonly adminSocket: string | undefined;
  readonly hostsFile: string | undefined;
  /** From --listen; wins over the configuration and GATEHOUSE_PORTS. */
  readonly listen: BindAddress | undefined;
  readonly ports: string | undefined;
  readonly name: string | undefined;
  readonly accessLog: string | undefined;
  readonly surroundings: Surroundings;
  readonly check: boolean;
  readonly schema: boolean;
}

export const usage = `gateway --config FILE [--admin-socket PATH] [--hosts FILE] [--listen HOST:PORT] [--name NAME]
        [--access-log TO] [--identity-key FILE] [--limits-redis URL [--limits-redis-password FILE]] [--check]
gateway --schema              print the JSON Schema of gateway.yaml
gateway relay [--allow tcp]   started by the console in the gateway's container; see gateway relay --help

  --config FILE        gateway.yaml; GATEHOUSE_CONFIG
  --admin-socket PATH  serve the admin API on this unix socket; GATEHOUSE_ADMIN_SOCKET
  --hosts FILE         JSON that maps name:port to the address to dial; GATEHOUSE_HOSTS_FILE
  --listen HOST:PORT   instead of the configured address
  --name NAME          how the gateway is called in tap and stats; GATEHOUSE_NAME, else the machine's name
  --access-log TO      one line of JSON for each request to stdout, stderr or a file, where the configuration
                       says nothing of it; GATEHOUSE_ACCESS_LOG
  --identity-key FILE  sign what upstreams are told of callers with this Ed25519 key (PEM), where the configuration
                       names none; GATEHOUSE_IDENTITY_KEY_FILE
  --limits-redis URL   count limits in this Redis, where the configuration names none; GATEHOUSE_LIMITS_REDIS
  --limits-redis-password FILE   its password; GATEHOUSE_LIMITS_REDIS_PASSWORD_FILE
  --check              check the configuration and the files that it names, print what is wrong, and end

GATEHOUSE_PORTS, for example {"8080":"127.0.0.1:21005"}, says where a configured port is bound.
A change of the configuration file is taken over while it runs, and so is SIGHUP, which also goes on in a new access log.
SIGTERM and SIGINT drain as the configuration says under drain, then end with 0; a second one, a second later or more,
ends at once with 128 plus its number.
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
      'access-log': { type: 'string' },
      'identity-key': { type: 'string' },
      'limits-redis': { type: 'string' },
      'limits-redis-password': { type: 'string' },
      check: { type: 'boolean', default: false },
      schema: { type: 'boolean', default: false },
    },
  });
  const config = values.config ?? (env.GATEHOUSE_CONFIG || undefined);
  if (config === undefined && !values.schema)
    throw new Error('no configuration is given; add --config FILE or set GATEHOUSE_CONFIG');
  return {
    config,
    adminSocket: values['admin-socket'] ?? (env.GATEHOUSE_ADMIN_SOCKET || undefined),
    hostsFile: values.hosts ?? (env.GATEHOUSE_HOSTS_FILE || undefined),
    listen: values.listen === undefined ? undefined : parseBindAddress(values.listen),
    ports: env.GATEHOUSE_PORTS || undefined,
    name: values.name ?? (env.GATEHOUSE_NAME || undefined),
    accessLog: values['access-log'] ?? (env.GATEHOUSE_ACCESS_LOG || undefined),
    surroundings: {
      identityKeyFile: values['identity-key'] ?? (env.GATEHOUSE_IDENTITY_KEY_FILE || undefined),
      limitsRedisUrl: values['limits-redis'] ?? (env.GATEHOUSE_LIMITS_REDIS || undefined),
      limitsRedisPasswordFile:
        values['limits-redis-password'] ?? (env.GATEHOUSE_LIMITS_REDIS_PASSWORD_FILE || undefined),
    },
    check: values.check,
    schema: values.schema,
  };
}
