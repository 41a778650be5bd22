import type { ErrorComponentProps } from '@tanstack/react-router';
import { Button } from '../components/Button.tsx';
import { PanelFailure, PanelFrame } from '../components/Panel.tsx';

/** A view that broke: the frame stays, and the rest of the console with it. */
export function ViewFailure({ error, reset }: ErrorComponentProps) {
  return (
    <PanelFrame title="This view failed">
      <PanelFailure
        problem={{
          code: 'internal',
          message: error instanceof Error && error.message ? error.message : 'The view stopped without a message.',
          remedy: 'Show it again; if it fails once more, reload the window and report the message.',
        }}
        action={<Button onClick={reset}>Show again</Button>}
      />
    </PanelFrame>
  );
}
