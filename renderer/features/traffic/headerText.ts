// Header values as they are shown: what was redacted at the source is dots, whatever the source wrote. Pure.

/** `[redacted]` of the gateway, dots of the host. */
export function isRedacted(value: string): boolean {
  return value === '[redacted]' || /^•+$/.test(value);
}

export function toHeaderText(value: string): string {
  return isRedacted(value) ? '•••' : value;
}
