// The text that a configuration was loaded from. Beside it and not in it: a configuration that is built or changed by a
// program has no text, and one that is printed must not print it twice.
import type { GatewayConfig } from './document.ts';

export interface ConfigSource {
  readonly fileName: string;
  readonly text: string;
}

const sources = new WeakMap<GatewayConfig, ConfigSource>();

export function keepSource(config: GatewayConfig, source: ConfigSource): GatewayConfig {
  sources.set(config, source);
  return config;
}

/** undefined for a configuration that loadConfig did not make. */
export function findSource(config: GatewayConfig): ConfigSource | undefined {
  return sources.get(config);
}
