// Calls electron-builder, for scripts/dist.mjs, which installs this folder's packages before it imports this file.
import { build, Platform } from 'electron-builder';

/** The tree of an installer, around what stands for Electron's program. */
export async function packAroundStandIn(projectDir, electronDist) {
  // Fuses are set in Electron's program, which is not there; electron-builder.yml keeps them for where it is.
  await build({
    projectDir,
    dir: true,
    publish: 'never',
    config: { electronDist, electronFuses: null, publish: null },
  });
}

/** The installers of this machine's platform. @returns {Promise<string[]>} their files */
export function packAroundElectron(projectDir, electronDist, publish) {
  const targets = Platform.current().createTarget();
  return build({ projectDir, targets, publish: 'never', config: { electronDist, publish } });
}
