// How the stack runs: the table of production against development, and what keeps it running.
import type { Part } from '../facts/facts.ts';
import { cis, fail, inBoth, inProduction, model, ofParts, pass, type Rule, toList, type Verdict } from './rule.ts';

const LEVEL_NAME = /(^|[_.])(LOG_?LEVEL|LOGGER[._]LEVEL|LOGLEVEL|RUST_LOG|VERBOSITY)$/i;
const CHATTY = /^"?(debug|trace|all|verbose|info|information|silly|\d*10|20)"?$/i;

/** `LOG_LEVEL=…`, `--log.level=…`, `--loglevel …`. */
function findLevels({ environment, command }: Part): { name: string; level: string }[] {
  const said = environment
    .filter(({ name }) => LEVEL_NAME.test(name))
    .map(({ name, value }) => ({ name, level: value }));
  const flags = command.flatMap((argument, at) => {
    const [, name, level = command[at + 1] ?? ''] = /^--?(log[._-]?level)(?:=(.*))?$/i.exec(argument) ?? [];
    return name === undefined ? [] : [{ name: `--${name}`, level }];
  });
  return [...said, ...flags];
}

function judgeLevel(part: Part): Verdict | null {
  const levels = findLevels(part);
  if (levels.length === 0) return null;
  const chatty = levels.filter(({ level }) => CHATTY.test(level.trim()));
  if (chatty.length === 0) return pass('logs warnings and worse');
  return fail(
    `logs more than warnings: ${toList(chatty.map(({ name, level }) => `${name} is ${level.slice(0, 20)}`))}`,
  );
}

const DEBUG_NAME = /(^|_)DEBUG$|^(GATEHOUSE_FAULTS|WERKZEUG_DEBUG_PIN)$/i;
const STAGE_NAME =
  /^(NODE_ENV|APP_ENV|RAILS_ENV|FLASK_ENV|ENVIRONMENT|ASPNETCORE_ENVIRONMENT|SPRING_PROFILES_ACTIVE|GO_ENV)$/i;
const DEBUG_FLAG =
  /^--?(debug|reload|inspect(-brk)?|dev)$|^--?(inspect(-brk)?|debug)=(?!false|0|off)|^runserver$|^-agentlib:jdwp/i;

function judgeDebug({ environment, command }: Part): Verdict {
  const on = environment.filter(
    ({ name, value }) =>
      (DEBUG_NAME.test(name) && !/^(|0|false|no|off)$/i.test(value)) ||
      (STAGE_NAME.test(name) && /^(dev|development|local|debug)$/i.test(value)),
  );
  const flags = command.filter((argument) => DEBUG_FLAG.test(argument));
  const found = [...on.map(({ name, value }) => `${name}=${value.slice(0, 20)}`), ...flags];
  return found.length > 0 ? fail(`runs in debug mode: ${toList(found)}`) : pass('runs without debug mode');
}

function judgeLimits({ cpus, memoryBytes }: Part): Verdict {
  const missing = [...(memoryBytes === null ? ['memory'] : []), ...(cpus === null ? ['CPU'] : [])];
  if (missing.length === 0) return pass('has limits of CPU and memory');
  return fail(`has no limit of ${missing.join(' and ')}: it can starve all others`);
}

const WORKERS = /^(WEB_CONCURRENCY|UVICORN_WORKERS|GUNICORN_WORKERS|WORKERS)$/;

function judgeWorkers({ environment, command }: Part): Verdict | null {
  const said = environment.find(({ name }) => WORKERS.test(name))?.value;
  const at = command.findIndex((argument) => /^(--workers|-w)(=|$)/.test(argument));
  const flag = at < 0 ? undefined : (command[at]?.split('=')[1] ?? command[at + 1]);
  const count = Number(said ?? flag);
  if (!Number.isInteger(count) || count <= 0) return null;
  return count >= 8 ? pass('has 8 workers or more') : fail(`has ${count} workers; production asks for 8 or more`);
}

export const runtimeRules: readonly Rule[] = [
  {
    id: 'runtime.debug',
    severity: 'high',
    title: 'No program runs in debug mode',
    remedy: 'Take the variable or the flag away in the production file.',
    source: model('Production vs Development, Debug Mode'),
    modes: inProduction,
    judge: ofParts(judgeDebug),
  },
  {
    id: 'runtime.limits',
    severity: 'medium',
    title: 'Every service has limits of CPU and memory',
    remedy: 'Write `deploy: { resources: { limits: { cpus: "0.50", memory: 256M } } }`.',
    source: `${model('Production vs Development, Resource Limits')}; ${cis('5.11 and 5.12')}`,
    modes: inProduction,
    isEnforcedByEngine: true,
    judge: ofParts(judgeLimits, ({ isJob }) => !isJob),
  },
  {
    id: 'runtime.health',
    severity: 'medium',
    title: 'Every service says whether it is well',
    remedy: 'Write `healthcheck: { test: ["CMD", "curl", "-f", "http://localhost:PORT/health"], interval: 5s }`.',
    source: `${model('Service Dependencies, Health Check Chain')}; ${cis('5.27')}`,
    modes: inBoth,
    judge: ofParts(
      ({ health }) => {
        if (health === 'present') return pass('is probed');
        return fail(health === 'disabled' ? 'its health check is switched off' : 'nothing probes it');
      },
      ({ isJob }) => !isJob,
    ),
  },
  {
    id: 'runtime.restart',
    severity: 'medium',
    title: 'Every service is started again, whatever ended it',
    remedy: 'Write `restart: always`.',
    source: model('Production vs Development, Restart Policy'),
    modes: inProduction,
    judge: ofParts(
      ({ restart }) =>
        restart === 'always' ? pass('restarts always') : fail(`its restart policy is ${restart || 'no'}`),
      ({ isJob }) => !isJob,
    ),
  },
  {
    id: 'runtime.log-level',
    severity: 'low',
    title: 'Programs log warnings and worse',
    remedy: 'Set the level to WARNING in the production file.',
    source: model('Production vs Development, Logging'),
    modes: inProduction,
    judge: ofParts(judgeLevel),
  },
  {
    id: 'runtime.log-size',
    severity: 'low',
    title: 'Logs cannot fill the disk',
    remedy: 'Write `logging: { driver: json-file, options: { max-size: 10m, max-file: "5" } }`.',
    source: model('Production vs Development, Logging'),
    modes: inProduction,
    isEnforcedByEngine: true,
    judge: ofParts(({ logDriver, logOptions }) => {
      // `local` rotates by itself; drivers that send elsewhere keep nothing here.
      if (logDriver !== null && logDriver !== 'json-file') return pass('does not grow without bound');
      return logOptions['max-size'] ? pass('does not grow without bound') : fail('its log grows without bound');
    }),
  },
  {
    id: 'runtime.workers',
    severity: 'info',
    title: 'Servers that say how many workers they have, have many',
    remedy: 'Raise the number of workers in the production file.',
    source: model('Production vs Development, Workers'),
    modes: inProduction,
    judge: ofParts(judgeWorkers, ({ isOwn }) => isOwn),
  },
];
