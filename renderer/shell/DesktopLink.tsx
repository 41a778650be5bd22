// The console's side of the desktop window: follows its menu and links, and tells it appearance and state. Renders nothing.
import { useMantineColorScheme } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useLive } from '../api/useLive.ts';
import { type DesktopBridge, findDesktopBridge, toDesktopReport } from './desktopBridge.ts';
import { useEnvironment } from './environment.ts';

/** The window's program forgets after a minute what it was told; a page that hangs must not keep a tray green. */
const TELL_AGAIN_MS = 20_000;

export function DesktopLink({ environment }: { environment: string | null }) {
  const bridge = findDesktopBridge();
  if (!bridge) return null;
  return (
    <>
      <Follow bridge={bridge} />
      {environment ? <Tell bridge={bridge} environment={environment} key={environment} /> : null}
    </>
  );
}

function Follow({ bridge }: { bridge: DesktopBridge }) {
  const router = useRouter();
  const { colorScheme } = useMantineColorScheme();
  useEffect(() => bridge.onGo((path) => router.history.push(path)), [bridge, router]);
  useEffect(() => {
    bridge.setAppearance(colorScheme).catch(() => undefined);
  }, [bridge, colorScheme]);
  return null;
}

function Tell({ bridge, environment }: { bridge: DesktopBridge; environment: string }) {
  const live = useEnvironment();
  // What was so before the host went is not told again: the window's program then forgets it.
  const frame = live.state === 'live' ? live.data : null;
  const input = { environment };
  const topology = useLive('stack.topology', input);
  const breakers = useLive('gateway.breakers', input);
  return frame?.mode === 'prod' ? (
    <TellWithPosture {...{ bridge, environment, frame, topology: topology.data, breakers: breakers.data }} />
  ) : frame ? (
    <Send
      bridge={bridge}
      {...{ environment: frame, topology: topology.data, breakers: breakers.data, posture: null }}
    />
  ) : null;
}

type Frame = Parameters<typeof toDesktopReport>[0];

/** Rules are judged for production alone: elsewhere nobody needs to hear of an open port, and judging asks the engine. */
function TellWithPosture(props: {
  bridge: DesktopBridge;
  environment: string;
  frame: Frame['environment'];
  topology: Frame['topology'];
  breakers: Frame['breakers'];
}) {
  const posture = useLive('posture.watch', { environment: props.environment });
  const { bridge, frame, topology, breakers } = props;
  return <Send bridge={bridge} {...{ environment: frame, topology, breakers, posture: posture.data }} />;
}

function Send({ bridge, ...parts }: Frame & { bridge: DesktopBridge }) {
  const report = JSON.stringify(toDesktopReport(parts));
  const latest = useRef(report);
  latest.current = report;
  useEffect(() => {
    bridge.reportState(JSON.parse(report)).catch(() => undefined);
  }, [bridge, report]);
  useEffect(() => {
    const again = () => bridge.reportState(JSON.parse(latest.current)).catch(() => undefined);
    const timer = setInterval(again, TELL_AGAIN_MS);
    return () => clearInterval(timer);
  }, [bridge]);
  return null;
}
