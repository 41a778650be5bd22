import { Panel, useReactFlow } from '@xyflow/react';
import { Button } from '../../components/Button.tsx';
import classes from './TopologyGraph.module.css';

export function ZoomControls({ onFit }: { onFit: () => void }) {
  const flow = useReactFlow();
  return (
    <Panel position="bottom-left" className={classes.controls ?? ''}>
      <Button size="small" aria-label="Zoom out" title="Zoom out" onClick={() => void flow.zoomOut()}>
        −
      </Button>
      <Button size="small" aria-label="Zoom in" title="Zoom in" onClick={() => void flow.zoomIn()}>
        +
      </Button>
      <Button size="small" onClick={onFit} title="Show all of it">
        Fit
      </Button>
    </Panel>
  );
}
