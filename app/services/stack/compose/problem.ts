// What is wrong with a compose file, said with its place.
import { GatehouseError } from '../../../contract/index.ts';
import type { Place } from './node.ts';

/** Something to know that does not stop the loading. */
export interface Warning {
  /** `file:line:column`, or the file alone. */
  readonly place: string;
  readonly message: string;
}

export function toPlaceText({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}

/** `compose-invalid` with `file:line:column: message`. */
export function problemAt(
  place: Place,
  message: string,
  remedy = 'Correct the compose file at this place.',
): GatehouseError {
  return new GatehouseError({ code: 'compose-invalid', message: `${toPlaceText(place)}: ${message}`, remedy });
}
