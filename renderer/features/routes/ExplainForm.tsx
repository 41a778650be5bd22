import { useId, useState } from 'react';
import { Button } from '../../components/Button.tsx';
import { SelectField, TextArea, TextField } from '../../components/Field.tsx';
import classes from './ExplainPanel.module.css';
import type { ExplainDraft } from './explainRequest.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

export interface ExplainFormProps {
  draft: ExplainDraft;
  problem: string | null;
  onChange: (draft: ExplainDraft) => void;
  onSubmit: () => void;
  /** null when there is nothing to clear. */
  onClear: (() => void) | null;
}

export function ExplainForm({ draft, problem, onChange, onSubmit, onClear }: ExplainFormProps) {
  const id = useId();
  const [headersShown, setHeadersShown] = useState(draft.headers !== '');
  const methods = METHODS.includes(draft.method) ? METHODS : [draft.method, ...METHODS];
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <div className={classes.line}>
        <SelectField
          mono
          aria-label="Method"
          value={draft.method}
          onChoose={(method) => onChange({ ...draft, method })}
        >
          {methods.map((method) => (
            <option key={method}>{method}</option>
          ))}
        </SelectField>
        <TextField
          data-view-filter
          mono
          className={classes.url}
          aria-label="Path or URL"
          aria-describedby={`${id}-problem`}
          aria-invalid={problem !== null}
          value={draft.url}
          placeholder="/api/ai/search/query/?q=lamp"
          onChange={(event) => onChange({ ...draft, url: event.target.value })}
        />
        <Button
          aria-expanded={headersShown}
          aria-controls={`${id}-headers`}
          onClick={() => setHeadersShown(!headersShown)}
        >
          Headers
        </Button>
        <Button type="submit" look="primary">
          Explain
        </Button>
        {onClear ? (
          <Button look="quiet" onClick={onClear}>
            Clear
          </Button>
        ) : null}
      </div>
      <TextArea
        id={`${id}-headers`}
        mono
        hidden={!headersShown}
        aria-label="Headers, one a line"
        placeholder="host: api.shop.example"
        rows={3}
        value={draft.headers}
        onChange={(event) => onChange({ ...draft, headers: event.target.value })}
      />
      <p id={`${id}-problem`} className={classes.problem} role="status">
        {problem}
      </p>
    </form>
  );
}
