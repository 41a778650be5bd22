import { findText, isMap, isText, type Node, toFields, toList, toScalar, toText } from '../node.ts';
import { fileReferences } from './fileReferences.ts';
import { bytes, flag, list, record, type Shape, table, text, whole } from './shape.ts';
import { hosts, keyOfPair, pairs, texts } from './shortForms.ts';

export const ulimits = table({
  is: 'either',
  of: [
    whole({ keepEmpty: true }),
    record({ soft: whole({ keepEmpty: true }), hard: whole({ keepEmpty: true }) }, { required: ['soft', 'hard'] }),
  ],
  picks: (node) => (node.kind === 'map' ? 1 : 0),
  merge: 'replace',
});

/** `{default: , id: path}` → `default`, `id=path`. */
function pairsToItems(node: Node): Node {
  if (!isMap(node)) return node;
  const items = [...node.entries].map(([key, value]) => {
    const path = toText(value);
    return toScalar(path ? `${key}=${path}` : key, value.place);
  });
  return toList(items, node.place);
}

export const build: Shape = record(
  {
    context: text({ path: 'context' }),
    dockerfile: text(),
    dockerfile_inline: text(),
    entitlements: texts(),
    args: pairs('null'),
    ssh: list(text({ path: 'key' }), { toLong: pairsToItems }),
    labels: pairs('empty'),
    cache_from: texts(),
    cache_to: texts(),
    no_cache: flag(),
    additional_contexts: pairs('empty', 'context'),
    network: text(),
    pull: flag(),
    target: text(),
    shm_size: bytes(),
    extra_hosts: hosts,
    isolation: text(),
    privileged: flag(),
    secrets: fileReferences(),
    tags: texts({ keyOf: keyOfPair }),
    ulimits,
    platforms: texts(),
  },
  {
    toLong: (node) => (isText(node) ? toFields({ context: node }, node.place) : node),
    // Compose takes it, and fails when it builds.
    fault: (node) =>
      findText(node, 'context') === '' ? 'has an empty context; write . for the folder of the file' : undefined,
    keepEmpty: true,
  },
);
