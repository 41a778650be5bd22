// The words that `gatehouse tap` filters by: those of the console, but a word that means nothing ends the command.
import { type Exchange, exchangeFilterFields, parseExchangeFilter } from '../../contract/index.ts';
import { CommandError, EXIT } from './exitCodes.ts';

export type ExchangeTest = (exchange: Exchange) => boolean;

export const FILTER_HELP = `
Words (all must hold; a leading ! turns one round; a bare word is looked for in path, route, upstream and note):
  status:5xx  status:503  status:aborted  ms>500  ms<=20
  ${exchangeFilterFields
    .filter(({ field }) => field !== 'status:' && field !== 'ms>')
    .map(({ field }) => `${field}…`)
    .join('  ')}`;

/** Throws a CommandError that names the word and the remedy. */
export function parseFilterArguments(words: readonly string[]): ExchangeTest {
  const { tokens, matches } = parseExchangeFilter(words.join(' '));
  const wrong = tokens.find(({ problem }) => problem !== null);
  if (wrong) throw new CommandError(EXIT.wrongUse, `cannot filter by "${wrong.text}": ${wrong.problem}`);
  return matches;
}
