// The configuration as text: completion and explanations from the gateway's own schema, problems where they stand.
import { autocompletion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import { yaml } from '@codemirror/lang-yaml';
import { lintGutter, setDiagnostics } from '@codemirror/lint';
import { EditorView, hoverTooltip } from '@codemirror/view';
import CodeMirror, { type ReactCodeMirrorRef } from '@uiw/react-codemirror';
import { useEffect, useMemo, useRef } from 'react';
import { findKnownNames, type Schema, toHoverText, toOptions } from './configSchema.ts';
import { editorLook } from './editorLook.ts';
import type { PlacedProblem } from './problemPlaces.ts';
import { findYamlKey, findYamlPlace } from './yamlPlace.ts';

export interface YamlEditorProps {
  label: string;
  value: string;
  onChange: (text: string) => void;
  /** null while it is not known: then nothing is offered. */
  schema: Schema | null;
  problems: readonly PlacedProblem[];
  /** Where the cursor is to go; each new object moves it once. */
  goTo: { offset: number } | null;
  isReadOnly: boolean;
}

export function YamlEditor({ label, value, onChange, schema, problems, goTo, isReadOnly }: YamlEditorProps) {
  const editor = useRef<ReactCodeMirrorRef>(null);
  const known = useRef(schema);
  known.current = schema;

  const extensions = useMemo(
    () => [
      yaml(),
      editorLook,
      lintGutter(),
      autocompletion({ override: [(context) => complete(context, known.current)] }),
      hoverTooltip((view, offset) => toTooltip(view.state.doc.toString(), offset, known.current)),
      // The editable text takes the focus by itself, which not everybody knows of.
      EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
    ],
    [label],
  );

  useEffect(() => {
    const view = editor.current?.view;
    if (!view) return;
    const { length } = view.state.doc;
    const diagnostics = problems.map(({ from, to, message }) => ({
      from: Math.min(from, length),
      to: Math.min(to, length),
      severity: 'error' as const,
      message,
    }));
    view.dispatch(setDiagnostics(view.state, diagnostics));
  }, [problems]);

  useEffect(() => {
    const view = editor.current?.view;
    if (!view || !goTo) return;
    const anchor = Math.min(goTo.offset, view.state.doc.length);
    view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) });
    view.focus();
  }, [goTo]);

  return (
    <CodeMirror
      ref={editor}
      value={value}
      onChange={onChange}
      extensions={extensions}
      theme="none"
      height="100%"
      style={{ height: '100%' }}
      readOnly={isReadOnly}
      // Tab leaves the editor, as it does every field (WCAG 2.1.2).
      indentWithTab={false}
      basicSetup={{ autocompletion: false, syntaxHighlighting: false, highlightActiveLine: !isReadOnly }}
    />
  );
}

function complete(context: CompletionContext, schema: Schema | null): CompletionResult | null {
  if (!schema) return null;
  const text = context.state.doc.toString();
  const place = findYamlPlace(text, context.pos);
  if (!place || (place.typed === '' && !context.explicit)) return null;
  const options = toOptions(schema, place, findKnownNames(text)).map(({ label, apply, detail, info }) => ({
    label,
    apply,
    detail,
    ...(info === '' ? {} : { info }),
  }));
  return options.length === 0 ? null : { from: place.from, options, validFor: /^[\w./-]*$/ };
}

function toTooltip(text: string, offset: number, schema: Schema | null) {
  const key = findYamlKey(text, offset);
  const said = key && schema && toHoverText(schema, key.path);
  if (!key || !said) return null;
  return {
    pos: key.from,
    end: key.to,
    create() {
      const dom = document.createElement('div');
      dom.className = 'cm-diagnostic';
      // As text: descriptions come from the gateway.
      dom.textContent = `${key.path.filter((step) => step !== 0).join('.')}: ${said.type}. ${said.text}`;
      return { dom };
    },
  };
}
