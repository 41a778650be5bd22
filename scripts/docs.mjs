// `npm run docs`: writes what can be read off the programs: the references of the command line and of gateway.yaml, and the
// list of pages in docs/README.md. With --check it writes nothing and fails where one is stale; part of `npm run check`.
import { execFile } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { buildChanged } from './build.mjs';
import { findNode24 } from './node24.mjs';
import { toSchemaReference } from './schemaReference.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const node = findNode24();
const GENERATED = '<!-- Written by `npm run docs`; what is changed here by hand is lost. -->';

async function ask(program, args) {
  const options = { cwd: root, maxBuffer: 4 * 1024 * 1024, env: { ...process.env, COLUMNS: '100', NO_COLOR: '1' } };
  return (await promisify(execFile)(node, [join(root, program), ...args], options)).stdout;
}

/** Names in the list that `--help` prints, without the help's own. */
function commandsIn(help) {
  const [, list = ''] = /\nCommands:\n([\s\S]*?)\n\n/.exec(help) ?? [];
  return [...list.matchAll(/^ {2}([a-z][a-z-]*)\b/gm)].map(([, name]) => name).filter((name) => name !== 'help');
}

async function commandReference() {
  const help = await ask('dist/host/gatehouse.js', ['--help']);
  const names = commandsIn(help);
  if (names.length < 10) throw new Error('`gatehouse --help` lists no commands any more; see scripts/docs.mjs');
  const sections = await Promise.all(
    names.map(
      async (name) =>
        `## ${name}\n\n\`\`\`text\n${(await ask('dist/host/gatehouse.js', [name, '--help'])).trim()}\n\`\`\``,
    ),
  );
  const intro = 'What `gatehouse --help` and `gatehouse COMMAND --help` print.';
  return `# The command line\n\n${GENERATED}\n\n${intro}\n\n\`\`\`text\n${help.trim()}\n\`\`\`\n\n${sections.join('\n\n')}\n`;
}

async function gatewayReference() {
  const schema = JSON.parse(await ask('dist/gateway/gateway.js', ['--schema']));
  return `# gateway.yaml\n\n${GENERATED}\n\n${toSchemaReference(schema)}`;
}

/** The page's title, for the list of all of them. */
function titleOf(path) {
  return /^# (.+)$/m.exec(readFileSync(join(root, 'docs', path), 'utf8'))?.[1] ?? path;
}

const LIST = /(<!-- pages -->\n)[\s\S]*?(<!-- \/pages -->)/;

function index() {
  const path = join(root, 'docs', 'README.md');
  const text = readFileSync(path, 'utf8');
  if (!LIST.test(text)) throw new Error('docs/README.md has lost its marks <!-- pages --> and <!-- /pages -->');
  const pages = globSync('**/*.md', { cwd: join(root, 'docs') })
    .map((page) => page.replaceAll('\\', '/'))
    .filter((page) => page !== 'README.md')
    .sort();
  return text.replace(LIST, `$1${pages.map((page) => `- [${titleOf(page)}](${page})\n`).join('')}$2`);
}

async function write(path, make, check) {
  const text = await make();
  const place = join(root, path);
  const before = existsSync(place) ? readFileSync(place, 'utf8') : undefined;
  if (before === text) return true;
  if (check) console.error(`${path} is stale; run \`npm run docs\` and commit what it writes`);
  else {
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, text);
    console.log(`written: ${path}`);
  }
  return !check;
}

const check = process.argv.includes('--check');
await buildChanged({ quiet: true, only: ['host', 'gateway'] });
const results = [
  await write('docs/reference/cli.md', commandReference, check),
  await write('docs/reference/gateway-yaml.md', gatewayReference, check),
  // Last: it lists the others.
  await write('docs/README.md', index, check),
];
process.exit(results.every(Boolean) ? 0 : 1);
