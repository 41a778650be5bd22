import { useUiState } from '../state/uiState.ts';
import { Dialog } from './Dialog.tsx';
import { ShortcutList } from './ShortcutList.tsx';
import { shortcutGroups } from './shortcuts.ts';

export function KeysSheet() {
  const { keysShown, showKeys } = useUiState();
  return (
    <Dialog title="Keys" shown={keysShown} onClose={() => showKeys(false)} width="560px">
      <ShortcutList groups={shortcutGroups} />
    </Dialog>
  );
}
