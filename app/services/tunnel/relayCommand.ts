// What is executed in a gateway's container for a relay. Pure.

/** Where the image gatehouse/api-gateway has its program. */
const usualProgram = ['node', '/opt/gatehouse/gateway.js'];

/** The container's own program, by its entry point: an image may have it elsewhere, and start it by another Node. */
export function toRelayCommand(entrypoint: readonly string[] | null | undefined, allowsTcp = false): string[] {
  const words = entrypoint ?? [];
  const at = words.findIndex((word) => /(?:^|\/)gateway\.js$/.test(word));
  const [interpreter, program] = [words[at - 1], words[at]];
  const own = interpreter && program ? [interpreter, program] : usualProgram;
  return [...own, 'relay', ...(allowsTcp ? ['--allow', 'tcp'] : [])];
}
