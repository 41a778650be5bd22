// Pass: what the specification allows and hardly anybody means. Nothing is changed, it is said.
import { entriesOf, find, isList, isMap, isText, type Node } from './node.ts';
import { toPlaceText, type Warning } from './problem.ts';
import { splitCommand } from './values.ts';

/** Commands that compose cuts off where a shell would begin a second one. */
export function findCutCommands(services: Node | undefined): Warning[] {
  return entriesOf(services).flatMap(([name, service]) =>
    ['command', 'entrypoint'].flatMap((key) => {
      const command = find(service, key);
      const cut = isText(command) ? splitCommand(command.value)?.cut : undefined;
      if (!isText(command) || cut === undefined) return [];
      const message = `the ${key} of service "${name}" ends before ${JSON.stringify(cut)}: no shell runs it; write sh -c`;
      return [{ place: toPlaceText(command.place), message }];
    }),
  );
}

/** `ports: []` over an earlier file takes nothing away, since lists append. */
export function findEmptyLists(base: Node | undefined, over: Node, path = ''): Warning[] {
  if (base === undefined || over.mark) return [];
  if (isMap(base) && isMap(over)) {
    return [...over.entries].flatMap(([key, node]) =>
      findEmptyLists(base.entries.get(key), node, path === '' ? key : `${path}.${key}`),
    );
  }
  const isLost = isList(base) && isList(over) && over.items.length === 0 && base.items.length > 0;
  if (!isLost) return [];
  return [
    { place: toPlaceText(over.place), message: `${path}: [] takes nothing away from an earlier file; write !reset []` },
  ];
}
