// The moment under the cursor, which all charts of the view share. Only what shows it is drawn again when it moves.
import { create } from 'zustand';

/** Epoch ms; null while the cursor is on no chart. */
export const useCursor = create<{ at: number | null; point: (at: number | null) => void }>()((set) => ({
  at: null,
  point: (at) => set((now) => (now.at === at ? now : { at })),
}));
