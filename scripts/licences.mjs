// `npm run licences`: what is shipped, under which licences, with their texts, and as an SBOM (CycloneDX), in dist/licences.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { shippedPackages } from './shipped.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, 'dist', 'licences');

/** Those that may be shipped under Apache-2.0 without more than their notice; another one needs a decision first. */
const ACCEPTED =
  /^(?:MIT|MIT-0|ISC|0BSD|BSD-[23]-Clause|Apache-2\.0|Python-2\.0|BlueOak-1\.0\.0|Unlicense|CC0-1\.0|Zlib|OFL-1\.1|MPL-2\.0|EPL-2\.0)$/;

/** Of `A OR B` one is enough, of `A AND B` each counts. Throws with the names of those that are not accepted. */
export function checkLicences(packages) {
  const wrong = packages.filter(({ license }) => {
    const choices = license.replace(/[()]/g, '').split(' OR ');
    return !choices.some((choice) => choice.split(' AND ').every((one) => ACCEPTED.test(one)));
  });
  if (wrong.length === 0) return;
  const names = wrong.map(({ name, version, license }) => `${name} ${version} (${license})`).join(', ');
  throw new Error(`licences that nobody has decided about: ${names}; decide in scripts/licences.mjs`);
}

function licenceText(path) {
  const place = join(root, path);
  if (!existsSync(place)) return 'Not installed on the machine that made this list: it belongs to another platform.';
  const file = readdirSync(place).find((name) => /^(?:licen[cs]e|copying)/i.test(name));
  return file ? readFileSync(join(place, file), 'utf8').trim() : 'The package carries no text of its licence.';
}

/** npm's own SBOM of everything that is installed, without what only builds and tests. */
function createSbom(packages) {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  // Vite sets NODE_ENV where it has built, and npm then leaves out what is inside the programs.
  const env = { ...process.env, NODE_ENV: 'development' };
  const options = {
    cwd: root,
    env,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === 'win32',
  };
  const sbom = JSON.parse(execFileSync(npm, ['sbom', '--sbom-format', 'cyclonedx', '--no-update-notifier'], options));
  const shipped = new Set(packages.map(({ name, version }) => `${name}@${version}`));
  const product = sbom.metadata.component['bom-ref'];
  const isShipped = (reference) => shipped.has(reference) || reference === product;
  return {
    ...sbom,
    components: sbom.components.filter(({ name, version }) => shipped.has(`${name}@${version}`)),
    dependencies: sbom.dependencies
      .filter(({ ref }) => isShipped(ref))
      .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter(isShipped) })),
  };
}

/** Writes licences.md and sbom.cdx.json. */
export function writeLicences() {
  const found = [...shippedPackages()].sort(([, a], [, b]) => (a.name < b.name ? -1 : 1));
  const packages = found.map(([, one]) => one);
  checkLicences(packages);
  mkdirSync(folder, { recursive: true });
  const rows = packages.map(({ name, version, license }) => `| ${name} | ${version} | ${license} |`);
  const texts = found.map(
    ([path, { name, version }]) => `## ${name} ${version}\n\n\`\`\`\n${licenceText(path)}\n\`\`\``,
  );
  const list = ['# What Gatehouse carries of others', '', '| package | version | licence |', '|---|---|---|', ...rows];
  writeFileSync(join(folder, 'licences.md'), `${[...list, '', ...texts].join('\n')}\n`);
  writeFileSync(join(folder, 'sbom.cdx.json'), `${JSON.stringify(createSbom(packages), null, 2)}\n`);
  return packages.length;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(`${writeLicences()} packages: ${join(folder, 'licences.md')} and sbom.cdx.json`);
}
