import { loading } from '../../api/live.ts';
import { Panel } from '../../components/Panel.tsx';

export function TrafficView() {
  return (
    <Panel title="Traffic" live={loading} rows={8}>
      {() => null}
    </Panel>
  );
}
