// Gives the views the host: one WebSocket, its live streams, and TanStack Query for what is asked once.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createTRPCContext } from '@trpc/tanstack-react-query';
import { createContext, type ReactNode, useEffect, useState } from 'react';
import { createClient, type GatehouseRouter, problemOf } from '../../app/contract/index.ts';
import { useConnection } from './connection.ts';
import { LiveRegistry } from './liveRegistry.ts';
import { createRefusalDetector } from './refusal.ts';

const { TRPCProvider, useTRPC } = createTRPCContext<GatehouseRouter>();

/** `useTRPC().gateway.explain.queryOptions({ environment, request })`; mutations likewise. */
export { useTRPC };

export const RegistryContext = createContext<LiveRegistry | null>(null);

export interface GatehouseProviderProps {
  token: string;
  /** The host does not know this session (any more). */
  onUnauthenticated: () => void;
  children: ReactNode;
}

function createConnection(token: string, onUnauthenticated: () => void) {
  const { note } = useConnection.getState();
  const refusal = createRefusalDetector(onUnauthenticated);
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
  const client = createClient({
    url: `${scheme}//${location.host}/api`,
    token: () => token,
    onOpen: () => {
      refusal.opened();
      note('opened');
    },
    onClose: (event) => {
      refusal.closed(event?.code);
      note('closed');
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
  return (
    <QueryClientProvider client={queries}>
      <TRPCProvider trpcClient={client.api} queryClient={queries}>
        <RegistryContext value={registry}>{children}</RegistryContext>
      </TRPCProvider>
    </QueryClientProvider>
  );
}
