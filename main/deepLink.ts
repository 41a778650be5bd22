// What an address `gatehouse://…` may open. Pure: any web page and any program may send one, so it only ever shows a view.
import { VIEWS } from './menu.ts';

export const SCHEME = 'gatehouse';

const MAX_LENGTH = 2048;
const MAX_VALUE_LENGTH = 512;
/** As the contract writes it: `engine~project`. */
const ENVIRONMENT = /^[a-z0-9_-]{1,64}~[a-z0-9][a-z0-9_-]{0,127}$/;
/**
 * Which parameters a view takes from a link: those that choose what is shown. Not those that prepare something (a plan of
 * the stack, a request to explain): what a stranger wrote must not wait under the operator's hand.
 */
const PARAMETERS = ['filter', 'service', 'route', 'upstream', 'range'];
/** Printable, and nothing that turns the reading direction. */
const VALUE = /^[^\p{C}\u200e\u200f\u202a-\u202e\u2066-\u2069]*$/u;

/**
 * The console's path for `gatehouse://open/ENVIRONMENT[/VIEW][?filter=…]`; undefined for everything else. The path is made
 * anew of what was recognised, so that nothing of the link's own spelling gets into it.
 */
export function parseDeepLink(link: string): string | undefined {
  // The parser drops tabs and line ends, which no program writes into a link by accident.
  if (link.length > MAX_LENGTH || !/^[!-~]+$/.test(link) || !URL.canParse(link)) return undefined;
  const url = new URL(link);
  if (url.protocol !== `${SCHEME}:` || url.host !== 'open' || url.username !== '' || url.password !== '')
    return undefined;
  if (url.hash !== '') return undefined;
  // Encoded spellings are not decoded: no name that is allowed here needs one.
  const [environment, view = 'overview', ...rest] = url.pathname.replace(/\/$/, '').split('/').slice(1);
  if (environment === undefined || !ENVIRONMENT.test(environment) || rest.length > 0) return undefined;
  if (!VIEWS.some(([name]) => name === view)) return undefined;
  const search = parseSearch(url.searchParams);
  return search === undefined ? undefined : `/env/${environment}/${view}${search}`;
}

function parseSearch(given: URLSearchParams): string | undefined {
  const search = new URLSearchParams();
  for (const [name, value] of given) {
    if (!PARAMETERS.includes(name) || search.has(name)) return undefined;
    if (value.length > MAX_VALUE_LENGTH || !VALUE.test(value)) return undefined;
    search.append(name, value);
  }
  return search.size === 0 ? '' : `?${search}`;
}

/** The link among the arguments of a program that was started again: the system puts it last. */
export function findDeepLink(args: readonly string[]): string | undefined {
  return args.findLast((argument) => argument.toLowerCase().startsWith(`${SCHEME}:`));
}
