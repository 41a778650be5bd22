// What the interface itself remembers; never data of the host.
import { create } from 'zustand';

interface UiState {
  /** The keys sheet is open. */
  keysShown: boolean;
  /** The unlock dialog is open. */
  unlockShown: boolean;
  /** The list of open ports is open. */
  forwardsShown: boolean;
  showKeys: (shown: boolean) => void;
  showUnlock: (shown: boolean) => void;
  showForwards: (shown: boolean) => void;
}

export const useUiState = create<UiState>()((set) => ({
  keysShown: false,
  unlockShown: false,
  forwardsShown: false,
  showKeys: (keysShown) => set({ keysShown }),
  showUnlock: (unlockShown) => set({ unlockShown }),
  showForwards: (forwardsShown) => set({ forwardsShown }),
}));
