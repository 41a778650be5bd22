// Gives the views the host: one WebSocket, its live streams, and TanStack Query for what is asked once.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createTRPCContext } from '@trpc/tanstack-react-query';
import { createContext, type ReactNode, useEffect, useState } from 'react';
import { createClient, type GatehouseRouter, problemOf } from '../../app/contract/index.ts';
import { useConnection } from './connection.ts';
import { LiveRegistry } from './liveRegistry.ts';

const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<GatehouseRouter>();

/** `useTRPC().gateway.explain.queryOptions({ environment, request })`; mutations likewise. */
/** For what is asked outside of the pattern of one query or one mutation. */
export { useTRPC, useTRPCClient };

export const RegistryContext = createContext<LiveRegistry | null>(null);

/** The host's own close code (RFC 6455, section 7.4.2) for a token that it does not know. */
const CLOSE_UNAUTHENTICATED = 4401;

export interface GatehouseProviderProps {
  token: string;
  /** The host does not know this session (any more). */
  onUnauthenticated: () => void;
  children: ReactNode;
}

function createConnection(token: string, onUnauthenticated: () => void) {
  const { note } = useConnection.getState();
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
  const client = createClient({
    url: `${scheme}//${location.host}/api`,
    token: () => token,
    onOpen: () => note('opened'),
    onClose: (event) => {
      note('closed');
      if (event?.code === CLOSE_UNAUTHENTICATED) onUnauthenticated();
    },
  });
  const registry = new LiveRegistry(client, onUnauthenticated);
  const queries = new QueryClient({
    defaultOptions: {
      queries: {
        refetchOnWindowFocus: false,
        retry: (count, error) => count < 2 && problemOf(error).code === 'internal',
      },
    },
  });
  return { client, registry, queries };
}

export function GatehouseProvider({ token, onUnauthenticated, children }: GatehouseProviderProps) {
  const [{ client, registry, queries }] = useState(() => createConnection(token, onUnauthenticated));
  useEffect(() => registry.followVisibility(document), [registry]);
  useEffect(() => () => void client.close(), [client]);
  return (
    <QueryClientProvider client={queries}>
      <TRPCProvider trpcClient={client.api} queryClient={queries}>
        <RegistryContext value={registry}>{children}</RegistryContext>
      </TRPCProvider>
    </QueryClientProvider>
  );
}
