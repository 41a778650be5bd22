// Nothing is shown without a session; the address stays, so that it opens where it was once there is one.
import { RouterProvider } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { GatehouseProvider } from '../api/GatehouseProvider.tsx';
import { answerOtherTabs, findSession, forgetSession, keepAskingOtherTabs, keepSession } from '../api/session.ts';
import { router } from '../routes.tsx';
import { LockedPage } from './LockedPage.tsx';

type Gate = { state: 'looking' } | { state: 'locked'; problem: string | null } | { state: 'open'; token: string };

export function SessionGate() {
  const [gate, setGate] = useState<Gate>({ state: 'looking' });
  /** Tokens that the host does not know any more; another window may not have noticed yet. */
  const refused = useRef(new Set<string>());

  useEffect(() => {
    const look = () =>
      findSession().then(({ token, problem }) =>
        setGate(token ? { state: 'open', token } : { state: 'locked', problem }),
      );
    void look();
    // A new code may come into an open window: the host's URL is opened again, only the fragment changes.
    const onHash = () => {
      if (location.hash.includes('code=')) void look();
    };
    window.addEventListener('hashchange', onHash);
    const stopAnswering = answerOtherTabs();
    return () => {
      window.removeEventListener('hashchange', onHash);
      stopAnswering();
    };
  }, []);

  useEffect(() => {
    if (gate.state !== 'locked') return;
    return keepAskingOtherTabs((token) => {
      if (refused.current.has(token)) return;
      keepSession(token);
      setGate({ state: 'open', token });
    });
  }, [gate.state]);

  const onUnauthenticated = () => {
    if (gate.state === 'open') refused.current.add(gate.token);
    forgetSession();
    setGate({ state: 'locked', problem: 'The host no longer knows this session; it was started anew.' });
  };

  if (gate.state === 'looking') return null;
  if (gate.state === 'locked') {
    return <LockedPage problem={gate.problem} onToken={(token) => setGate({ state: 'open', token })} />;
  }
  return (
    <GatehouseProvider key={gate.token} token={gate.token} onUnauthenticated={onUnauthenticated}>
      <RouterProvider router={router} />
    </GatehouseProvider>
  );
}
