// The shop's customers: made from word lists with a fixed seed. Nobody is meant by any of them.
import { DAY_MS, HISTORY_DAYS, toDayStartMs } from './calendar.ts';
import { CATALOGUE } from './catalogue.ts';
import { createDraw, createRandom, drawWhole } from './random.ts';

export interface Customer {
  id: number;
  name: string;
  /** In a domain that RFC 2606 keeps free: mail to it reaches nobody. */
  email: string;
  /** ISO 3166-1, two letters. */
  country: string;
  registeredAt: string;
  /** The categories that this customer buys from most, the dearest first. */
  favourites: string[];
}

const COUNT = 800;
const FIRST_NAMES = 'Alma Bero Cleo Davin Edda Faro Gila Henno Ilva Joris Kaja Levin Mira Nilo Orla Pirmin'.split(' ');
const LAST_NAMES = 'Ashdown Brookvale Cedarly Dunmere Elmstad Fernway Glimmer Hollowell Ivorn Juniperi'.split(' ');
const COUNTRIES = [
  { code: 'DE', share: 40 },
  { code: 'FR', share: 18 },
  { code: 'NL', share: 12 },
  { code: 'AT', share: 10 },
  { code: 'IT', share: 8 },
  { code: 'ES', share: 7 },
  { code: 'PL', share: 5 },
];
/** The first ones signed up this long before the past begins. */
const DAYS_BEFORE = 540;

const drawCountry = createDraw(COUNTRIES, ({ share }) => share);

/** A country of the shop's customers other than `country`. */
export function drawOtherCountry(country: string, random: () => number): string {
  for (;;) {
    const { code } = drawCountry(random);
    if (code !== country) return code;
  }
}

function createCustomers(): Customer[] {
  const random = createRandom(20_230_115);
  const categories = [...new Set(CATALOGUE.map((product) => product.category))];
  const draw = (list: readonly string[]) => list[Math.floor(random() * list.length)] ?? '';
  return Array.from({ length: COUNT }, (_, index) => {
    const id = index + 1;
    const day = drawWhole(random, -DAYS_BEFORE, HISTORY_DAYS - 5);
    return {
      id,
      name: `${draw(FIRST_NAMES)} ${draw(LAST_NAMES)}`,
      email: `customer${id}@shop.example`,
      country: drawCountry(random).code,
      registeredAt: new Date(toDayStartMs(day) + Math.floor(random() * (DAY_MS / 1_000)) * 1_000).toISOString(),
      favourites: [...new Set([draw(categories), draw(categories)])],
    };
  });
}

export const CUSTOMERS: readonly Customer[] = createCustomers();
