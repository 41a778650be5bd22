// Two texts as one, what is gone above what is new; what is the same is folded.
import { unifiedMergeView } from '@codemirror/merge';
import { EditorView } from '@codemirror/view';
import CodeMirror from '@uiw/react-codemirror';
import { useMemo } from 'react';
import { editorLook } from './editorLook.ts';

export interface TextCompareProps {
  /** What is compared, for screen readers. */
  label: string;
  before: string;
  after: string;
}

export function TextCompare({ label, before, after }: TextCompareProps) {
  const extensions = useMemo(
    () => [
      editorLook,
      unifiedMergeView({ original: before, mergeControls: false, collapseUnchanged: { margin: 3, minSize: 6 } }),
      EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
    ],
    [before, label],
  );
  return (
    <CodeMirror
      // The original is set at the start and for good.
      key={before}
      value={after}
      extensions={extensions}
      theme="none"
      height="100%"
      style={{ height: '100%' }}
      readOnly
      editable={false}
      basicSetup={{ autocompletion: false, syntaxHighlighting: false, highlightActiveLine: false, foldGutter: false }}
    />
  );
}
