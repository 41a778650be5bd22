// Bounds of WebSockets: their part of the document and its defaults.

export interface WebsocketDocument {
  idleMs?: number;
  maxOpen?: number;
}

export type WebsocketLimits = Required<Readonly<WebsocketDocument>>;

const DEFAULTS: WebsocketLimits = {
  // Most applications send a ping at least once a minute.
  idleMs: 300_000,
  // Half of the connections that the data port takes, so that sockets which stay open leave room for requests.
  maxOpen: 4_096,
};

/** `websocket` of a route and of the defaults. */
export const websocketSchema = {
  type: 'object',
  additionalProperties: false,
  description: 'Bounds of WebSockets; ms',
  properties: {
    idleMs: {
      type: 'integer',
      minimum: 100,
      maximum: 86_400_000,
      description: 'How long neither side may send anything, a ping included, before the connection is ended',
    },
    maxOpen: {
      type: 'integer',
      minimum: 0,
      maximum: 1_000_000,
      description: 'How many may be open on one route at a time; 0 takes none',
    },
  },
};

export function resolveWebsocket(defaults: WebsocketDocument = {}, route: WebsocketDocument = {}): WebsocketLimits {
  return { ...DEFAULTS, ...defaults, ...route };
}
