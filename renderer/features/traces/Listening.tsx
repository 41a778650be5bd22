// Nobody keeps traces here: why, and how this host would. It listens only when it is asked to, on loopback alone.
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { problemOf, type TraceSourceView } from '../../../app/contract/index.ts';
import { useTRPC } from '../../api/GatehouseProvider.tsx';
import { Button } from '../../components/Button.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { PanelFrame } from '../../components/Panel.tsx';
import { canChange, useEnvironment, useEnvironmentId } from '../../shell/environment.ts';

const PORT = 4318;

function showProblem(error: unknown): void {
  const { message, remedy } = problemOf(error);
  notifications.show({ title: message, message: remedy, color: 'red' });
}

export function NoSource({ source }: { source: TraceSourceView }) {
  const environment = useEnvironmentId();
  const { data: frame } = useEnvironment();
  const listen = useMutation(useTRPC().traces.listen.mutationOptions({ onError: showProblem }));
  const project = environment.split('~')[1] ?? '';
  const mayListen = frame && canChange(frame.guard);
  return (
    <PanelFrame title="Traces">
      <EmptyState
        title={source.reason}
        next={
          <>
            {source.problem?.remedy}{' '}
            {mayListen
              ? `Or have this host listen on 127.0.0.1:${PORT} for spans of programs on this machine, sent with OTEL_EXPORTER_OTLP_PROTOCOL=http/json and OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:${PORT}; containers cannot reach it there.`
              : ''}
          </>
        }
        action={
          mayListen ? (
            <Button
              disabled={listen.isPending}
              onClick={() => listen.mutate({ environment, port: PORT, confirm: project })}
            >
              Listen for spans
            </Button>
          ) : undefined
        }
      />
    </PanelFrame>
  );
}

export function StopListening() {
  const environment = useEnvironmentId();
  const { data: frame } = useEnvironment();
  const stop = useMutation(useTRPC().traces.stopListening.mutationOptions({ onError: showProblem }));
  const project = environment.split('~')[1] ?? '';
  if (!frame || !canChange(frame.guard)) return null;
  return (
    <Button size="small" disabled={stop.isPending} onClick={() => stop.mutate({ environment, confirm: project })}>
      Stop listening, forget them
    </Button>
  );
}
