// The web shop's orders of the seeded past: who bought what with what, when, at which price, and the frauds among them.
import { HISTORY_DAYS, toDay, toDayStartMs } from './calendar.ts';
import { CATALOGUE, type Product, toNoun } from './catalogue.ts';
import { CUSTOMERS, type Customer, drawOtherCountry } from './customers.ts';
import { findPriceCents } from './prices.ts';
import { createDraw, createRandom, drawWhole } from './random.ts';
import { findPull, findSeason, findWish } from './wishes.ts';

export interface HistoricLine {
  productId: number;
  quantity: number;
  priceCents: number;
}

export interface HistoricOrder {
  /** From 1, in the order of placedAt. */
  id: number;
  customerId: number;
  placedAt: string;
  shippingCountry: string;
  lines: HistoricLine[];
  /** What was found out later: the payment was not the account holder's. */
  isFraud: boolean;
}

type Random = () => number;
type Draft = Omit<HistoricOrder, 'id'>;

const HONEST_ORDERS = 2_940;
const FRAUD_BURSTS = 26;
/** What is bought with what, by the noun; both ways. */
const COMPANIONS: readonly (readonly string[])[] = [
  ['kettle', 'teapot'],
  ['pan', 'knife'],
  ['spade', 'planter', 'hose'],
  ['headphones', 'amplifier', 'turntable'],
  ['desk', 'chair', 'lamp'],
  ['keyboard', 'monitor'],
  ['shoes', 'socks', 'watch'],
  ['tent', 'mattress', 'torch'],
  ['backpack', 'stove', 'bottle'],
  ['puzzle', 'blocks'],
  ['helmet', 'lock', 'light'],
  ['towel', 'mat'],
  ['pillow', 'duvet', 'sheet'],
  ['hammer', 'saw', 'ladder'],
  ['leash', 'collar', 'bowl'],
  ['goggles', 'cap', 'swimsuit'],
  ['easel', 'canvas', 'palette'],
];
/** From midnight (UTC): the evening sells most. */
const HOURS = [2, 1, 1, 1, 1, 2, 4, 6, 8, 9, 10, 10, 11, 10, 9, 9, 10, 12, 15, 18, 19, 16, 10, 5];
const NIGHT_UNTIL_HOUR = 5;
/** No day's season is more than this; see wishes.ts. */
const SEASON_MOST = 2;

let history: HistoricOrder[] | undefined;

/** About 3,000 orders in the order of their time. Made at the first call, the same in every process. */
export function createOrderHistory(): readonly HistoricOrder[] {
  history ??= createHistory();
  return history;
}

function createHistory(): HistoricOrder[] {
  const random = createRandom(20_240_701);
  const drafts = [...createHonestOrders(random), ...createFrauds(random)];
  drafts.sort((a, b) => (a.placedAt < b.placedAt ? -1 : a.placedAt > b.placedAt ? 1 : a.customerId - b.customerId));
  return drafts.map((draft, index) => ({ id: index + 1, ...draft }));
}

function createHonestOrders(random: Random): Draft[] {
  const shelves = createShelves();
  const days = Array.from({ length: HISTORY_DAYS }, (_, day) => day);
  const categories = [...shelves.byCategory.keys()];
  const dayShare = (day: number) => categories.reduce((sum, category) => sum + findSeason(category, day), 0);
  const drawDay = createDraw(days, (day) => dayShare(day) * (1 + (0.3 * day) / HISTORY_DAYS));
  // The first customers of the list buy more often than the last.
  const drawCustomer = createDraw(CUSTOMERS, ({ id }) => 1 / (id + 60));
  const since = new Map(CUSTOMERS.map(({ id, registeredAt }) => [id, toDay(registeredAt)]));
  const drafts: Draft[] = [];
  const place = (customer: Customer, day: number) => {
    const category = drawCategory(customer, { random, day, categories });
    const basket = fillBasket(shelves, shelves.draw(category, day, random), { random, day });
    drafts.push({
      customerId: customer.id,
      placedAt: toMoment(day, drawHour(random), random),
      // A present, or a customer who travels.
      shippingCountry: random() < 0.05 ? drawOtherCountry(customer.country, random) : customer.country,
      lines: basket.map((product) => toLine(product, day, 1 + Math.floor(random() ** 4 * 4))),
      isFraud: false,
    });
  };
  for (const customer of CUSTOMERS) {
    const day = (since.get(customer.id) ?? 0) + 1;
    // Most sign up because they want something now.
    if (day > 0 && random() < 0.6) place(customer, day);
  }
  while (drafts.length < HONEST_ORDERS) {
    const day = drawDay(random);
    const customer = drawCustomer(random);
    if ((since.get(customer.id) ?? 0) < day) place(customer, day);
  }
  return drafts;
}

/** One or more orders within an hour, most of them by young accounts, at night, of dear things, to another country. */
function createFrauds(random: Random): Draft[] {
  const dear = [...CATALOGUE].sort((a, b) => b.priceCents - a.priceCents).slice(0, 300);
  const accounts = CUSTOMERS.filter(({ registeredAt }) => toDay(registeredAt) > 20);
  return Array.from({ length: FRAUD_BURSTS }, () => {
    const customer = drawOne(accounts, random);
    // A few are careful: an old account that was taken over, a cheap thing, once, by day. Hardly anything tells them.
    const careful = random() < 0.25;
    const young = !careful && random() < 0.8;
    const since = toDay(customer.registeredAt);
    const day = Math.min(HISTORY_DAYS - 1, since + (young ? drawWhole(random, 1, 4) : drawWhole(random, 30, 300)));
    const hour = !careful && random() < 0.6 ? drawWhole(random, 0, NIGHT_UNTIL_HOUR - 1) : drawHour(random);
    const abroad = !careful && random() < 0.75;
    const shippingCountry = abroad ? drawOtherCountry(customer.country, random) : customer.country;
    const startMs = toDayStartMs(day) + hour * 3_600_000;
    return Array.from({ length: careful ? 1 : drawWhole(random, 1, 5) }, () => ({
      customerId: customer.id,
      placedAt: new Date(startMs + drawWhole(random, 0, 3_599) * 1_000).toISOString(),
      shippingCountry,
      lines: [toLine(drawOne(careful ? CATALOGUE : dear, random), day, careful ? 1 : drawWhole(random, 1, 3))],
      isFraud: true,
    }));
  }).flat();
}

interface Shelves {
  byCategory: ReadonlyMap<string, unknown>;
  /** A product of the category: what sells more comes more often, and more often still while it is cheaper. */
  draw(category: string, day: number, random: Random): Product;
  /** What goes with a product, of the same kind: a red teapot with a red kettle. */
  findCompanions(product: Product): readonly Product[];
}

function createShelves(): Shelves {
  const groups = Map.groupBy(CATALOGUE, (product) => product.category);
  const draws = new Map(
    [...groups].map(([category, products]) => [category, createDraw(products, (one) => findWish(one).unitsPerDay)]),
  );
  const byName = new Map(CATALOGUE.map((product) => [product.name, product]));
  const companions = new Map(
    COMPANIONS.flatMap((nouns) => nouns.map((noun) => [noun, nouns.filter((other) => other !== noun)] as const)),
  );
  return {
    byCategory: groups,
    draw(category, day, random) {
      const draw = draws.get(category);
      if (draw === undefined) throw new Error(`there is no category ${category}`);
      let product = draw(random);
      for (let tries = 0; tries < 8 && random() > findPull(product, day) / 2; tries += 1) product = draw(random);
      return product;
    },
    findCompanions(product) {
      const noun = toNoun(product);
      const kind = product.name.slice(0, -noun.length);
      const found = (companions.get(noun) ?? []).map((other) => byName.get(kind + other));
      return found.filter((other) => other !== undefined);
    },
  };
}

/** Mostly a favourite of the customer's, and rather one whose season it is. */
function drawCategory(
  { favourites }: Customer,
  { random, day, categories }: { random: Random; day: number; categories: readonly string[] },
): string {
  for (;;) {
    const category = drawOne(random() < 0.7 ? favourites : categories, random);
    if (random() < findSeason(category, day) / SEASON_MOST) return category;
  }
}

/** The first product, what goes with it, and at times one more of its category. */
function fillBasket(shelves: Shelves, first: Product, { random, day }: { random: Random; day: number }): Product[] {
  const basket = new Set([first]);
  for (const companion of shelves.findCompanions(first)) if (random() < 0.45) basket.add(companion);
  while (random() < 0.35) basket.add(shelves.draw(first.category, day, random));
  return [...basket];
}

function toLine(product: Product, day: number, quantity: number): HistoricLine {
  return { productId: product.id, quantity, priceCents: findPriceCents(product, day) };
}

const drawHourOf = createDraw([...HOURS.keys()], (hour) => HOURS[hour] ?? 0);

function drawHour(random: Random): number {
  return drawHourOf(random);
}

function toMoment(day: number, hour: number, random: Random): string {
  return new Date(toDayStartMs(day) + hour * 3_600_000 + drawWhole(random, 0, 3_599) * 1_000).toISOString();
}

function drawOne<Value>(list: readonly Value[], random: Random): Value {
  const one = list[Math.floor(random() * list.length)];
  if (one === undefined) throw new Error('there is nothing to draw from');
  return one;
}
