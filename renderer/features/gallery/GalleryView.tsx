import { loading } from '../../api/live.ts';
import { Panel } from '../../components/Panel.tsx';

export function GalleryView() {
  return (
    <Panel title="Gallery" live={loading} rows={8}>
      {() => null}
    </Panel>
  );
}
