// Secrets where others can read them, and doors whose key everybody knows.
import type { Part } from '../facts/facts.ts';
import {
  cis,
  fail,
  inBoth,
  inProduction,
  model,
  ofParts,
  pass,
  type Rule,
  toList,
  unknown,
  type Verdict,
} from './rule.ts';
import { findSecret, findSecretArgument, isDefaultPassword } from './secretText.ts';

const readVariable = ({ environment }: Part, name: string) => environment.find((one) => one.name === name)?.value ?? '';
const hasAny = (part: Part, names: readonly string[]) => names.some((name) => readVariable(part, name) !== '');
const isImage = ({ image }: Part, pattern: RegExp) => pattern.test(image.split('@')[0] ?? '');
const OWN_FOLDER = /^\/(etc|opt|usr|run\/secrets)\//;
/** A configuration file of its own that it is given, in which the rest may be said. */
const hasOwnConfig = (part: Part) =>
  part.secrets.length > 0 || part.mounts.some(({ target }) => OWN_FOLDER.test(target));

/** What an image does when nobody says a password (its documentation; checked with the versions of the platform). */
const OPEN_BY_DEFAULT: readonly (readonly [RegExp, (part: Part) => Verdict | null])[] = [
  [
    /(^|\/)rabbitmq(:|$)/,
    (part) =>
      hasAny(part, ['RABBITMQ_DEFAULT_PASS', 'RABBITMQ_DEFAULT_PASS_FILE']) || hasOwnConfig(part)
        ? pass('is given a user of its own')
        : fail('names no user: it takes guest with the password guest'),
  ],
  [
    /(^|\/)grafana(:|$)/,
    (part) =>
      hasAny(part, [
        'GF_SECURITY_ADMIN_PASSWORD',
        'GF_SECURITY_ADMIN_PASSWORD__FILE',
        'GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION',
      ])
        ? pass('is given a password of its own')
        : fail('names no password: it takes admin with the password admin'),
  ],
  [
    /(^|\/)(postgres|postgis|pgvector|timescaledb)(:|$)/,
    (part) =>
      readVariable(part, 'POSTGRES_HOST_AUTH_METHOD') === 'trust'
        ? fail('trusts everybody who reaches it (POSTGRES_HOST_AUTH_METHOD)')
        : pass('asks for a password'),
  ],
  [
    /(^|\/)(mysql|mariadb)(:|$)/,
    (part) =>
      hasAny(part, ['MYSQL_ALLOW_EMPTY_PASSWORD', 'MARIADB_ALLOW_EMPTY_ROOT_PASSWORD'])
        ? fail('lets root in without a password')
        : pass('asks for a password'),
  ],
  [
    /(^|\/)minio(:|$)/,
    (part) =>
      hasAny(part, ['MINIO_ROOT_PASSWORD', 'MINIO_ROOT_PASSWORD_FILE'])
        ? pass('is given a password of its own')
        : fail('names no password: it takes minioadmin with the password minioadmin'),
  ],
];

function judgeDefaults(part: Part): Verdict | null {
  const known = part.environment.filter((one) => isDefaultPassword(one, part.environment));
  if (known.length > 0) return fail(`${toList(known.map(({ name }) => name))} is one of those that are tried first`);
  const entry = OPEN_BY_DEFAULT.find(([image]) => isImage(part, image));
  if (entry) return entry[1](part);
  return part.environment.some((one) => findSecret(one) !== undefined)
    ? pass('its passwords are not common ones')
    : null;
}

/** Stores that let everybody in unless they are told otherwise. */
const WITHOUT_PASSWORD: readonly (readonly [RegExp, (part: Part) => Verdict])[] = [
  [
    /(^|\/)(redis|valkey)(:|$)/,
    (part) => {
      if (part.command.some((argument) => /^--?(requirepass|user)\b/.test(argument)))
        return pass('asks for a password');
      const isConfigured = part.command.some((argument) => /\.conf$/.test(argument)) || hasOwnConfig(part);
      return isConfigured
        ? unknown('has a configuration file, which is not read here; it has to say requirepass')
        : fail('asks for no password');
    },
  ],
  [
    /(^|\/)(elasticsearch|opensearch)(:|$)/,
    (part) =>
      /^false$/i.test(readVariable(part, 'xpack.security.enabled')) ||
      /^true$/i.test(readVariable(part, 'DISABLE_SECURITY_PLUGIN'))
        ? fail('its own security is switched off')
        : pass('its own security is on'),
  ],
  [
    /(^|\/)qdrant(:|$)/,
    (part) =>
      hasAny(part, ['QDRANT__SERVICE__API_KEY', 'QDRANT__SERVICE__JWT_RBAC']) || hasOwnConfig(part)
        ? pass('asks for a key')
        : fail('asks for no key'),
  ],
  [
    /(^|\/)mongo(:|$)/,
    (part) =>
      hasAny(part, ['MONGO_INITDB_ROOT_PASSWORD', 'MONGO_INITDB_ROOT_PASSWORD_FILE']) || part.command.includes('--auth')
        ? pass('asks for a password')
        : fail('asks for no password'),
  ],
];

function judgeStore(part: Part): Verdict | null {
  const entry = WITHOUT_PASSWORD.find(([image]) => isImage(part, image));
  return entry ? entry[1](part) : null;
}

export const secretRules: readonly Rule[] = [
  {
    id: 'secrets.default-password',
    severity: 'critical',
    title: 'No password is one that everybody knows',
    remedy: 'Make one (`openssl rand -base64 24 > secrets/NAME`) and give it as a secret: `secrets: [NAME]`.',
    source: `${model('Security Model 1, Zero Trust')}; OWASP ASVS 4.0.3, 2.10.2`,
    modes: inProduction,
    judge: ofParts(judgeDefaults),
  },
  {
    id: 'secrets.environment',
    severity: 'high',
    title: 'No secret stands in a container’s environment',
    remedy:
      'Give it as a file: `secrets: [NAME]`, and the variable with _FILE behind its name where the image knows it.',
    source: `${model('Security Model 1, Zero Trust')}; OWASP Docker Security Cheat Sheet, rule 12`,
    modes: inProduction,
    judge: ofParts(({ environment }) => {
      const found = environment.flatMap((one) => {
        const what = findSecret(one);
        return what === undefined ? [] : [`${one.name} (${what})`];
      });
      if (found.length === 0) return pass('no variable holds a secret');
      return fail(`holds ${toList(found)}: everybody who can inspect the container reads it`);
    }),
  },
  {
    id: 'secrets.arguments',
    severity: 'high',
    title: 'No secret stands on a command line',
    remedy: 'Write it into a file that is a secret, and name the file.',
    source: `${cis('4.10')}; OWASP Docker Security Cheat Sheet, rule 12`,
    modes: inProduction,
    judge: ofParts(({ command }) => {
      const found = findSecretArgument(command);
      if (found === undefined) return pass('no argument holds a secret');
      return fail(`${found} holds a secret: every program that lists processes reads it`);
    }),
  },
  {
    id: 'secrets.open-store',
    severity: 'medium',
    title: 'Every store asks who is there',
    remedy: 'Switch its own authentication on, or accept with a waiver that its network is its only guard.',
    source: model('Security Model 1, Zero Trust: no service trusts any other by default'),
    modes: inProduction,
    judge: ofParts(judgeStore),
  },
  {
    id: 'secrets.writable-key',
    severity: 'medium',
    title: 'Keys and certificates are mounted for reading alone',
    remedy: 'Mount keys and certificates with `:ro`, or give them as secrets.',
    source: cis('5.6'),
    modes: inBoth,
    judge: ofParts(({ mounts }) => {
      const keys = mounts.filter(({ source }) => /\.(key|pem|p12|pfx|jks)$|(^|[\\/])id_(rsa|ed25519)$/i.test(source));
      if (keys.length === 0) return null;
      const writable = keys.filter(({ isReadOnly }) => !isReadOnly);
      if (writable.length === 0) return pass('its keys are mounted for reading alone');
      return fail(`can write to ${toList(writable.map(({ target }) => target))}`);
    }),
  },
];
