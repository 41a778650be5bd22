// Small archives for tests, with a link where one is asked for: the engine's own writer makes none.
import { toHeaders } from '../archive/tarWriter.ts';

const BLOCK = 512;

export function collectTar(files: Record<string, string>, link?: { name: string; to: string }): Buffer {
  const parts = Object.entries(files).flatMap(([name, text]) => {
    const content = Buffer.from(text);
    const padding = Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK);
    return [...toHeaders({ name, type: 'file', size: content.length, mode: 0o644, modifiedAt: 0 }), content, padding];
  });
  if (link !== undefined) parts.push(toLink(link));
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]);
}

function toLink({ name, to }: { name: string; to: string }): Buffer {
  const [header = Buffer.alloc(BLOCK)] = toHeaders({ name, type: 'file', size: 0, mode: 0o777, modifiedAt: 0 });
  header.write('2', 156);
  header.write(to, 157);
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}
