import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { GatehouseError } from '../../../../contract/index.ts';
import { printYaml } from '../printProject.ts';
import { home, readCases, tryCase } from './projects.ts';

// `expected.yaml` and `expected.txt` are what we read; that docker compose reads the same is the next test's matter.
test.each(readCases().map((one) => [one.name, one] as const))('%s', async (_, one) => {
  const result = await tryCase(one);
  const anywhere = (text: string) =>
    text.replaceAll(one.folder, '<folder>').replaceAll(dirname(one.folder), '<projects>').replaceAll(home, '<home>');
  if (result instanceof Error) {
    expect(result).toBeInstanceOf(GatehouseError);
    const { message, remedy } = result as GatehouseError;
    await expect(anywhere(`${message}\n${remedy}\n`)).toMatchFileSnapshot(join(one.folder, 'expected.txt'));
    return;
  }
  const warnings = result.warnings.map(({ place, message }) => `# ${place}: ${message}\n`).join('');
  await expect(anywhere(warnings + printYaml(result.project))).toMatchFileSnapshot(join(one.folder, 'expected.yaml'));
});
