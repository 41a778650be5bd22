// Reads the fuses out of the program that `npm run dist` has packed, and compares them with electron-builder.yml: what is said
// to be off must be off in the file that is shipped. Needs the real program; of a stand-in it says that there are none.
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { parse } from 'yaml';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const installers = join(root, 'dist', 'installers');

const OPTIONS = {
  runAsNode: FuseV1Options.RunAsNode,
  enableCookieEncryption: FuseV1Options.EnableCookieEncryption,
  enableNodeOptionsEnvironmentVariable: FuseV1Options.EnableNodeOptionsEnvironmentVariable,
  enableNodeCliInspectArguments: FuseV1Options.EnableNodeCliInspectArguments,
  enableEmbeddedAsarIntegrityValidation: FuseV1Options.EnableEmbeddedAsarIntegrityValidation,
  onlyLoadAppFromAsar: FuseV1Options.OnlyLoadAppFromAsar,
  grantFileProtocolExtraPrivileges: FuseV1Options.GrantFileProtocolExtraPrivileges,
};

const { electronFuses } = parse(readFileSync(join(root, 'electron-builder.yml'), 'utf8'));
const [program] = globSync(['linux*-unpacked/gatehouse', 'win*-unpacked/Gatehouse.exe', 'mac*/Gatehouse.app'], {
  cwd: installers,
});
if (program === undefined) {
  console.error('nothing was packed; run `npm run dist` first');
  process.exit(2);
}
let wire;
try {
  wire = await getCurrentFuseWire(join(installers, program));
} catch (error) {
  console.error(`${program} has no fuses: ${error.message}. A stand-in has none; see \`npm run dist\``);
  process.exit(3);
}
const wrong = Object.entries(OPTIONS).filter(
  ([name, option]) => (wire[option] === FuseState.ENABLE) !== electronFuses[name],
);
for (const [name] of wrong)
  console.error(`the fuse ${name} is not ${electronFuses[name] ? 'on' : 'off'} in ${program}`);
if (wrong.length === 0)
  console.log(`${Object.keys(OPTIONS).length} fuses of ${program} are as electron-builder.yml says`);
process.exit(wrong.length === 0 ? 0 : 1);
