// What looks like a secret: by the name of its variable, or by its own form. Says which, and never repeats it.
import type { Variable } from '../facts/facts.ts';

/** Parts of a name between underscores, dots and dashes. */
const SECRET_WORDS = new Set([
  'PASSWORD',
  'PASSWD',
  'PASSPHRASE',
  'PASS',
  'PWD',
  'SECRET',
  'SECRETS',
  'TOKEN',
  'APIKEY',
  'CREDENTIAL',
  'CREDENTIALS',
]);
const KEY_KINDS = new Set([
  'API',
  'SECRET',
  'PRIVATE',
  'ACCESS',
  'SIGNING',
  'ENCRYPTION',
  'MASTER',
  'AUTH',
  'JWT',
  'LICENSE',
]);
/** The name of a thing around the secret, not of the secret. */
const NOT_ITSELF = new Set([
  'FILE',
  'PATH',
  'DIR',
  'TTL',
  'SECONDS',
  'MINUTES',
  'MS',
  'LIFETIME',
  'EXPIRY',
  'EXPIRES',
  'HOST',
  'ISSUER',
  'TYPE',
  'NAME',
  'USER',
  'ALGORITHM',
  'HEADER',
  'LENGTH',
  'POLICY',
  'ID',
  'ENABLED',
  'REQUIRED',
  'MODE',
  'METHOD',
  'ENDPOINT',
]);
/** Forms that issuers of keys chose so that they can be found. */
const FORMS: readonly (readonly [RegExp, string])[] = [
  [/\b(AKIA|ASIA)[0-9A-Z]{16}\b/, 'an AWS access key'],
  [/\bgh[pousr]_[A-Za-z0-9]{36,}\b/, 'a GitHub token'],
  [/\bgithub_pat_\w{22,}/, 'a GitHub token'],
  [/\bglpat-[\w-]{20,}/, 'a GitLab token'],
  [/\b[sr]k_(live|test)_[A-Za-z0-9]{16,}/, 'a Stripe key'],
  [/\bxox[abprs]-[\w-]{10,}/, 'a Slack token'],
  [/\bAIza[\w-]{35}\b/, 'a Google API key'],
  [/\bsk-[A-Za-z0-9_-]{20,}/, 'an API key'],
  [/\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/, 'a JSON Web Token'],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'a private key'],
];
const USERINFO = /[a-z][a-z0-9+.-]*:\/\/[^\s:/?#@]*:([^\s/]+)@/i;
/** A path, a number, a switch or a duration is no secret, whatever its variable is called. */
const PLAIN = /^(\/|\.{1,2}\/|[a-z]:\\|\d{1,9}(ms|s|m|h|d)?$|true$|false$|yes$|no$|on$|off$|none$)/i;

/** What it is, in words; undefined for what is none. */
export function findSecret({ name, value }: Variable): string | undefined {
  if (value === '') return undefined;
  const form = FORMS.find(([pattern]) => pattern.test(value));
  if (form) return form[1];
  if (USERINFO.test(value)) return 'a password in a URL';
  if (!isSecretWord(name) || PLAIN.test(value) || URL.canParse(value)) return undefined;
  return 'a secret by its name';
}

function isSecretWord(name: string): boolean {
  const words = name
    .toUpperCase()
    .split(/[^A-Z0-9]+/)
    .filter(Boolean);
  if (NOT_ITSELF.has(words.at(-1) ?? '')) return false;
  return words.some((word, at) => {
    if (word === 'KEY') return at === 0 ? words.length === 1 : KEY_KINDS.has(words[at - 1] ?? '');
    return SECRET_WORDS.has(word);
  });
}

/** `--password=x`, `-p x`, `--requirepass x`, `PGPASSWORD=x cmd`; the argument that names it. */
export function findSecretArgument(command: readonly string[]): string | undefined {
  for (const [at, argument] of command.entries()) {
    if (FORMS.some(([pattern]) => pattern.test(argument)) || USERINFO.test(argument)) return 'one of its arguments';
    const [, name = '', value = command[at + 1] ?? ''] = /^--?([\w.-]+)(?:=(.*))?$/s.exec(argument) ?? [];
    const isNamed = isSecretWord(name.replaceAll('-', '_')) || /^(requirepass|masterauth)$/.test(name);
    if (isNamed && value !== '' && !PLAIN.test(value) && !value.startsWith('-')) return `--${name}`;
  }
  return undefined;
}

/** What scanners try first. */
const COMMON = new Set([
  '123456',
  '12345678',
  'admin',
  'administrator',
  'changeit',
  'changeme',
  'default',
  'demo',
  'elastic',
  'example',
  'grafana',
  'guest',
  'letmein',
  'minioadmin',
  'mysql',
  'pass',
  'passw0rd',
  'password',
  'postgres',
  'qwerty',
  'rabbitmq',
  'redis',
  'root',
  'secret',
  'test',
  'user',
  'welcome',
]);

/** Passwords alone: a token or a key has no default that works elsewhere. */
export function isDefaultPassword({ name, value }: Variable, others: readonly Variable[]): boolean {
  if (!isSecretWord(name)) return false;
  if (COMMON.has(value.toLowerCase())) return true;
  const [, owner] = /^(.*)PASS(?:WORD|WD)?$/i.exec(name) ?? [];
  const user = owner === undefined ? undefined : others.find((other) => other.name === `${owner}USER`);
  return user !== undefined && user.value !== '' && user.value === value;
}
