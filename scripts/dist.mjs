// `npm run dist`: the installers of this machine's platform, as electron-builder.yml says. Where Electron's program cannot be
// had, electron-builder packs the same files around a stand-in for it, so that all but the window can still be tested.
import { chmodSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildChanged } from './build.mjs';
import { fetchElectron, isElectronPresent } from './electron.mjs';
import { ensureInstalled, ensurePackagingInstalled } from './install.mjs';
import { writeLicences } from './licences.mjs';
import { findNode24, findNodePackage } from './node24.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const work = join(root, 'dist');
const isWindows = process.platform === 'win32';

/** The Node that is shipped is the pinned one, never the one that happens to run this. */
function putNode() {
  const place = join(work, 'node');
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place, { recursive: true });
  const target = join(place, isWindows ? 'node.exe' : 'node');
  copyFileSync(findNodePackage(), target);
  chmodSync(target, 0o755);
}

/** What electron-builder looks for of Electron: a program to rename, and its languages. */
function putStandIn() {
  const place = join(work, 'electron-stand-in');
  rmSync(place, { recursive: true, force: true });
  // One language, which electron-builder.yml keeps.
  mkdirSync(join(place, 'locales'), { recursive: true });
  writeFileSync(join(place, 'locales', 'en-US.pak'), '');
  const text = 'This stands for the Electron program, which could not be downloaded on the machine that packed this.\n';
  writeFileSync(join(place, isWindows ? 'electron.exe' : 'electron'), text, { mode: 0o755 });
  return place;
}

/** No server is named in the sources: a build without one never looks for updates. */
function publishTo(url) {
  if (url === undefined || url === '') return null;
  if (!url.startsWith('https://')) throw new Error(`GATEHOUSE_UPDATE_URL is "${url}"; it must begin with https://`);
  return [{ provider: 'generic', url }];
}

async function packTree({ packAroundStandIn }) {
  if (process.platform === 'darwin') {
    throw new Error(
      "Electron's program could not be had, and its bundle cannot be stood in for on macOS; see the network",
    );
  }
  await packAroundStandIn(root, putStandIn());
  console.log(
    `dist: no installer was built, since Electron's program cannot be downloaded here. The packed tree is in\n` +
      `dist: ${unpackedFolder()}: app.asar, what lies beside it, Node and licences, as in an installer.\n` +
      'dist: not made and not tested here: the fuses, the window, AppImage, deb, NSIS, dmg, signatures.',
  );
}

async function packInstallers({ packAroundElectron }) {
  const electronDist = join(root, 'node_modules', 'electron', 'dist');
  const files = await packAroundElectron(root, electronDist, publishTo(process.env.GATEHOUSE_UPDATE_URL));
  for (const file of files) console.log(`dist: ${file}`);
}

/** As electron-builder names it, inside of electron-builder.yml's directories.output. */
function unpackedFolder() {
  const arch = process.arch === 'x64' ? '' : `-${process.arch}`;
  return join(root, 'dist', 'installers', `${isWindows ? 'win' : 'linux'}${arch}-unpacked`);
}

ensureInstalled();
ensurePackagingInstalled();
const packer = await import('../packaging/pack.mjs');
const node = findNode24();
await buildChanged();
putNode();
writeLicences();
rmSync(dirname(unpackedFolder()), { recursive: true, force: true });
const treeOnly = process.argv.includes('--tree');
if (!treeOnly && !isElectronPresent()) await fetchElectron(node);
if (!treeOnly && isElectronPresent()) await packInstallers(packer);
else await packTree(packer);
