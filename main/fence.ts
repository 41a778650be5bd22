// Keeps pages where they belong: carries the decisions of navigation, permissions and contentPolicy into Electron.
import { findPolicyWeakness } from './contentPolicy.ts';
import type { ContentsSeam, SessionSeam } from './electronSeam.ts';
import { decideNavigation, findConsoleOrigin, mayDownload } from './navigation.ts';
import { isGranted } from './permissions.ts';

export interface Fence {
  /** The address of the host that runs now. */
  readonly hostUrl: () => string | undefined;
  readonly openExternal: (url: string) => void;
  /** A page was not let in, and why. */
  readonly onRefused: (reason: string) => void;
}

/** For every page that comes to be, whoever makes it. */
export function fenceContents(contents: ContentsSeam, { hostUrl, openExternal }: Fence): void {
  const leave = (target: string) => {
    const navigation = decideNavigation(target, hostUrl());
    if (navigation.to === 'browser') openExternal(navigation.url);
    return navigation;
  };
  contents.setWindowOpenHandler(({ url }) => {
    leave(url);
    // The console has one window; a second one would be a page that nobody fenced in.
    return { action: 'deny' };
  });
  contents.on('will-navigate', (details) => {
    if (leave(details.url).to !== 'inside') details.preventDefault();
  });
  contents.on('will-redirect', (details) => {
    // No browser here: a redirect is the server's wish, not the operator's click.
    if (decideNavigation(details.url, hostUrl()).to !== 'inside') details.preventDefault();
  });
  contents.on('will-frame-navigate', (details) => {
    // The console has no frames; its main frame is decided about in will-navigate.
    if (!details.isMainFrame) details.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
}

export function fenceSession(session: SessionSeam, fence: Fence): void {
  const { hostUrl } = fence;
  session.setSpellCheckerEnabled(false);
  session.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl, isMainFrame }) => {
    answer(isGranted({ permission, isMainFrame, consoleOrigin: findConsoleOrigin(requestingUrl, hostUrl()) }));
  });
  session.setPermissionCheckHandler((_contents, permission, origin, { isMainFrame }) =>
    isGranted({ permission, isMainFrame, consoleOrigin: findConsoleOrigin(origin, hostUrl()) }),
  );
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event, item) => {
    if (!mayDownload(item.getURL(), hostUrl())) event.preventDefault();
  });
  // Documents that come over the network; everything that they load is bound by their policy.
  const documents = { urls: ['http://*/*', 'https://*/*'], types: ['mainFrame' as const, 'subFrame' as const] };
  session.webRequest.onHeadersReceived(documents, ({ url, resourceType, responseHeaders }, answer) => {
    const reason =
      resourceType === 'mainFrame' ? judgeDocument(url, responseHeaders ?? {}, hostUrl()) : 'the console has no frames';
    if (reason !== undefined) fence.onRefused(reason);
    answer({ cancel: reason !== undefined });
  });
}

/** Why a page must not be shown; undefined when it may. Pure. */
export function judgeDocument(
  url: string,
  headers: Record<string, readonly string[]>,
  hostUrl: string | undefined,
): string | undefined {
  if (findConsoleOrigin(url, hostUrl) === undefined) return 'it is not the console';
  return findPolicyWeakness(headers, new URL(url).host);
}
