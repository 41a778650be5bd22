// Headers of every answer. `host` is the Host of the request, which the guard has found to be one of our own names.

export function contentSecurityPolicy(host: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    // The layout of the topology runs in a worker: a file of ours, never a blob: that a script could fill.
    "worker-src 'self'",
    // Mantine and Recharts set style attributes and inject style elements; no text from outside ever becomes a style.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    // 'self' covers ws:// only in browsers of CSP level 3, so it is written out.
    `connect-src 'self' ws://${host}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

export function securityHeaders(host: string): Record<string, string> {
  return {
    'Content-Security-Policy': contentSecurityPolicy(host),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), payment=(), display-capture=()',
    // A newly built console must be seen at the next load; assets override this.
    'Cache-Control': 'no-store',
  };
}
