// Version, place of what is kept, licences; and all of it as text for somebody who helps.
import { useQuery } from '@tanstack/react-query';
import type { HostInfo, HostStorage } from '../../../app/contract/index.ts';
import { useTRPC } from '../../api/GatehouseProvider.tsx';
import { combineLive } from '../../api/live.ts';
import { useLive } from '../../api/useLive.ts';
import { Button } from '../../components/Button.tsx';
import { useCopied } from '../../components/CopyCommand.tsx';
import { type Fact, FactList } from '../../components/FactList.tsx';
import { formatBytes, formatCount, formatQuantity } from '../../components/format.ts';
import { Panel } from '../../components/Panel.tsx';
import { StatusText } from '../../components/StatusMark.tsx';
import { Since, TimeText } from '../../components/TimeText.tsx';
import { toPolledLive } from '../metrics/polledLive.ts';
import { toDiagnostics } from './diagnostics.ts';
import { LicencesPanel } from './LicencesPanel.tsx';
import { SecretsPanel } from './SecretsPanel.tsx';
import classes from './SettingsView.module.css';

export function AboutPanel({ environment }: { environment: string | null }) {
  const trpc = useTRPC();
  const info = useQuery(trpc.host.info.queryOptions());
  const storage = useQuery(trpc.host.storage.queryOptions(undefined, { staleTime: 5000 }));
  const live = combineLive({ host: toPolledLive(info), kept: toPolledLive(storage) });
  return (
    <div className={classes.part}>
      <Panel
        title="Gatehouse"
        source="host"
        live={live}
        tools={
          info.data ? <DiagnosticsButton {...{ host: info.data, storage: storage.data ?? null, environment }} /> : null
        }
      >
        {({ host, kept }) => (
          <div className={classes.facts}>
            <FactList facts={[...toHostFacts(host), ...toStorageFacts(kept)]} />
          </div>
        )}
      </Panel>
      <SecretsPanel />
      <LicencesPanel />
    </div>
  );
}

function toHostFacts(host: HostInfo): Fact[] {
  return [
    { name: 'Version', value: host.version },
    { name: 'Node', value: `${host.node} on ${host.platform}` },
    {
      name: 'Host',
      value: (
        <>
          process {host.pid}, up for <Since at={host.startedAt} full />
        </>
      ),
    },
    { name: 'Engines', value: `--engine ${host.engineChoice}${host.readOnly ? ' --read-only' : ''}`, mono: true },
    {
      name: 'Log of the host',
      value: 'its stderr: the terminal of gatehouse serve, or a file that the desktop app’s menu opens',
    },
  ];
}

function toStorageFacts({ history, places, rows, keptLogBytes }: HostStorage): Fact[] {
  return [
    {
      name: 'History',
      value:
        history.state === 'kept' ? (
          <StatusText level="ok">kept</StatusText>
        ) : (
          <StatusText level="degraded">
            in memory since <TimeText at={history.since} look="moment" />: {history.problem?.message}{' '}
            {history.problem?.remedy}
          </StatusText>
        ),
    },
    ...places.map(({ what, path, bytes }) => ({
      name: what === 'history' ? 'Its file' : 'Runtime files',
      value: (
        <>
          <span className="mono">{path}</span> <span className="dim">{formatBytes(bytes)}</span>
        </>
      ),
    })),
    {
      name: 'It holds',
      value: Object.entries(rows)
        .map(([table, count]) => `${formatCount(count)} ${table.replaceAll('_', ' ')}`)
        .join(', '),
    },
    {
      name: 'Logs of removed containers',
      value: `${formatQuantity(rows.kept_logs ?? 0, 'log')}, ${formatBytes(keptLogBytes)} packed, in the same file`,
    },
  ];
}

interface DiagnosticsButtonProps {
  host: HostInfo;
  storage: HostStorage | null;
  environment: string | null;
}

function DiagnosticsButton(props: DiagnosticsButtonProps) {
  return props.environment === null ? (
    <CopyDiagnostics {...props} of={null} />
  ) : (
    <DiagnosticsOf {...props} environment={props.environment} />
  );
}

function DiagnosticsOf(props: DiagnosticsButtonProps & { environment: string }) {
  const { data: frame } = useLive('environment.watch', { environment: props.environment });
  const { data: gateway } = useLive('gateway.about', { environment: props.environment });
  return <CopyDiagnostics {...props} of={{ frame, gateway }} />;
}

type OpenFacts = Pick<Parameters<typeof toDiagnostics>[0], 'gateway'> & {
  frame: Parameters<typeof toDiagnostics>[0]['environment'];
};

function CopyDiagnostics({ host, storage, of }: DiagnosticsButtonProps & { of: OpenFacts | null }) {
  const [copied, copy] = useCopied();
  const { data: found } = useLive('environment.found');
  const copyAll = () =>
    copy(
      toDiagnostics({
        at: Date.now(),
        host,
        storage,
        engines: found?.engines ?? [],
        environment: of?.frame ?? null,
        gateway: of?.gateway ?? null,
        browser: navigator.userAgent,
      }),
    );
  return (
    <Button size="small" onClick={copyAll} title="Versions, states and sizes; no folder, no name, no secret">
      {copied ? 'Copied' : 'Copy diagnostics'}
    </Button>
  );
}
