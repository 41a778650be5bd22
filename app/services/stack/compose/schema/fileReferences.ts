// `secrets` and `configs` of a service: which one, and where it is put.
import { isMap, toText } from '../node.ts';
import { type ListShape, list, type RecordShape, record, text, whole } from './shape.ts';
import { toSource } from './shortForms.ts';

/** `defaultFolder`: where one without a target is put, for telling whether two are for the same place. */
export function fileReferences(defaultFolder = '', defaults?: RecordShape['defaults']): ListShape {
  const reference = record(
    { source: text(), target: text(), uid: text(), gid: text(), mode: whole() },
    { toLong: toSource, ...(defaults ? { defaults } : {}) },
  );
  return list(reference, {
    keyOf(item) {
      if (!isMap(item)) return undefined;
      return toText(item.entries.get('target')) ?? `${defaultFolder}/${toText(item.entries.get('source'))}`;
    },
  });
}
