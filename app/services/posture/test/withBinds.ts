import type { StackContainer } from '../../docker/stackContainer.ts';
import { readTexts } from '../../stack/spec/rawValues.ts';

/** An engine lists the short form of its create call among the mounts. */
export function withBinds(container: StackContainer): StackContainer {
  const { inspected } = container;
  const binds = readTexts(inspected.hostConfig.Binds).map((text) => {
    const [source = '', target = '', options = ''] = text.split(':');
    return { type: 'bind', name: null, source, target, readOnly: options.split(',').includes('ro') };
  });
  return { ...container, inspected: { ...inspected, mounts: [...inspected.mounts, ...binds] } };
}
