// Whether this program may look for a newer one. Pure: nothing is asked of any server unless all of this says so.

export interface UpdateFacts {
  readonly isPackaged: boolean;
  /** Whether the build names a server (electron-builder writes it into app-update.yml). */
  readonly hasServer: boolean;
  /** The operator's setting; off until it is turned on. */
  readonly isWanted: boolean;
  readonly platform: NodeJS.Platform;
  /** Set in an AppImage alone. */
  readonly appImage: string | undefined;
}

export type UpdateDecision = { readonly look: true } | { readonly look: false; readonly reason: string };

/** `byHand`: the operator has just asked, which needs no setting. */
export function decideUpdate(facts: UpdateFacts, byHand: boolean): UpdateDecision {
  const no = (reason: string): UpdateDecision => ({ look: false, reason });
  if (!facts.isPackaged) return no('This Gatehouse runs from a checkout; update it with git.');
  if (!facts.hasServer) return no('This build names no update server; get a newer installer where you got this one.');
  if (facts.platform === 'linux' && !facts.appImage) {
    return no('This Gatehouse was installed as a package; the package manager updates it.');
  }
  if (!facts.isWanted && !byHand) return no('Looking for updates is turned off.');
  return { look: true };
}
