/** How the host starts other programs: argv prefixes behind `node`, so that sources and bundles run alike. */
export interface Programs {
  /** The Node binary. */
  node: string;
  /** The command line of Gatehouse, for `gatehouse sandbox`. */
  host: readonly string[];
  gateway: readonly string[];
  service: readonly string[];
  /** Holds docker-compose.yaml of the platform. */
  platformFolder: string;
  gatewayConfig: string;
}
