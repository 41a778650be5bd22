import { loading } from '../../api/live.ts';
import { Panel } from '../../components/Panel.tsx';

export function ServicesView() {
  return (
    <Panel title="Services" live={loading} rows={8}>
      {() => null}
    </Panel>
  );
}
