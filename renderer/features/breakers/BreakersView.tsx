import { loading } from '../../api/live.ts';
import { Panel } from '../../components/Panel.tsx';

export function BreakersView() {
  return (
    <Panel title="Breakers" live={loading} rows={8}>
      {() => null}
    </Panel>
  );
}
