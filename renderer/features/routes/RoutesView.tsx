import { loading } from '../../api/live.ts';
import { Panel } from '../../components/Panel.tsx';

export function RoutesView() {
  return (
    <Panel title="Routes" live={loading} rows={8}>
      {() => null}
    </Panel>
  );
}
