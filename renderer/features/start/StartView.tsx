import { loading } from '../../api/live.ts';
import { Panel } from '../../components/Panel.tsx';

export function StartView() {
  return (
    <Panel title="Start" live={loading} rows={8}>
      {() => null}
    </Panel>
  );
}
