// How an editor looks: the design's values, and keys, comments and texts told apart.
import type { Extension } from '@codemirror/state';
import { Decoration, EditorView, MatchDecorator, ViewPlugin, type ViewUpdate } from '@codemirror/view';

const theme = EditorView.theme({
  '&': { backgroundColor: 'var(--surface)', color: 'var(--text)', fontSize: 'var(--text-sm)', height: '100%' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '1.55' },
  '.cm-content': { caretColor: 'var(--accent)' },
  '.cm-cursor': { borderLeftColor: 'var(--accent)' },
  '.cm-gutters': {
    backgroundColor: 'var(--surface)',
    color: 'var(--text-faint)',
    borderRight: '1px solid var(--line)',
  },
  '.cm-activeLine, .cm-activeLineGutter': {
    backgroundColor: 'color-mix(in srgb, var(--surface-strong) 55%, transparent)',
  },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--accent-deep)',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--surface-raised)',
    border: '1px solid var(--line-strong)',
    borderRadius: 'var(--radius-md)',
    boxShadow: 'var(--shadow)',
    color: 'var(--text)',
  },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': { backgroundColor: 'var(--accent-deep)', color: 'var(--text)' },
  '.cm-completionDetail': { color: 'var(--text-dim)', fontStyle: 'normal' },
  '.cm-diagnostic': { fontFamily: 'var(--font-text)', maxWidth: '60ch' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--down)' },
  '.cm-panels': { backgroundColor: 'var(--surface-raised)', color: 'var(--text)' },
  '.cm-panels input, .cm-panels button': { fontFamily: 'var(--font-text)' },
  '.cm-changedLine': { backgroundColor: 'color-mix(in srgb, var(--ok) 12%, transparent) !important' },
  '.cm-changedText': { background: 'color-mix(in srgb, var(--ok) 30%, transparent) !important' },
  '.cm-deletedChunk': { backgroundColor: 'color-mix(in srgb, var(--down) 10%, transparent) !important' },
  '.cm-deletedChunk .cm-deletedText': { background: 'color-mix(in srgb, var(--down) 28%, transparent) !important' },
  '.cm-collapsedLines': {
    background: 'var(--surface-strong) !important',
    color: 'var(--text-dim)',
    fontFamily: 'var(--font-text)',
  },
  '.cm-yaml-key': { color: 'var(--accent)' },
  '.cm-yaml-comment': { color: 'var(--text-faint)' },
  '.cm-yaml-text': { color: 'var(--series-6)' },
  '.cm-yaml-mask': { color: 'var(--degraded)' },
});

/** By lines, as one reads them; the structure is the gateway's to judge. */
const words = new MatchDecorator({
  regexp: /(?:^|\s)#.*$|"[^"\n]*"|'[^'\n]*'|[\w./-]+(?=:(?:\s|$))/gm,
  decoration: ([found]) => {
    if (/^\s*#/.test(found)) return Decoration.mark({ class: 'cm-yaml-comment' });
    if (/^["']\[masked/.test(found)) return Decoration.mark({ class: 'cm-yaml-mask' });
    return Decoration.mark({ class: /^["']/.test(found) ? 'cm-yaml-text' : 'cm-yaml-key' });
  },
});

const colours = ViewPlugin.fromClass(
  class {
    decorations;
    constructor(view: EditorView) {
      this.decorations = words.createDeco(view);
    }
    update(update: ViewUpdate) {
      this.decorations = words.updateDeco(update, this.decorations);
    }
  },
  { decorations: ({ decorations }) => decorations },
);

export const editorLook: Extension = [theme, colours];
