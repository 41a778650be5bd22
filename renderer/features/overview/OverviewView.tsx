import { loading } from '../../api/live.ts';
import { Panel } from '../../components/Panel.tsx';

export function OverviewView() {
  return (
    <Panel title="Overview" live={loading} rows={8}>
      {() => null}
    </Panel>
  );
}
