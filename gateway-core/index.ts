// The public surface of the gateway core. Everything else in this folder is its own business.
export type { BreakerState } from './breaker/breaker.ts';
export type { Clock } from './clock/clock.ts';
export { ConfigError, type ConfigProblem } from './config/configError.ts';
export type { BreakerThresholds, GatewayConfig, Route, Timeouts, Upstream } from './config/document.ts';
export { loadConfig } from './config/loadConfig.ts';
export { configSchema } from './config/schema.ts';
export type { BreakerEvent, ConfigEvent, DrainEvent, ListenedEvents } from './events/gatewayEvents.ts';
export { checkConfig, createGateway, type Gateway, type GatewayOptions } from './gateway.ts';
export { problemCatalogue } from './problem/catalogue.ts';
export type { RelayHello } from './relay/hello.ts';
export { createRelayMux, type RelayMux } from './relay/mux.ts';
export { type BindAddress, parseBindAddress, resolveBindAddress } from './resolve/ports.ts';
export { buildRouteTable, type RouteRow, type RouteTable } from './routes/routeTable.ts';
export { createLog, type Log } from './server/log.ts';
export { type ExplainRequest, type Explanation, explain } from './stages/explain.ts';
export type { ExchangeDetail, ExchangeRow } from './tap/exchangeRecord.ts';
export { version } from './version.ts';
