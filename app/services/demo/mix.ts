// The mix of requests of demo traffic: what a shop's clients would ask, with their weights. Pure.

export interface DemoRequest {
  method: 'GET' | 'POST';
  path: string;
  /** JSON text, or null. */
  body: string | null;
  caller: 'anyone' | 'signing in' | 'customer';
}

interface Kind {
  weight: number;
  make(random: () => number): DemoRequest;
}

const words = ['steel kettle', 'running shoes', 'wireless headphones', 'desk lamp', 'garden bench', 'jacket'];
const questions = ['Where is my order?', 'How do I return shoes?', 'Do you ship abroad?'];

const whole = (random: () => number, below: number) => Math.floor(random() * below);
const pick = (random: () => number, list: readonly string[]) => list[whole(random, list.length)] ?? '';
const get = (path: string): DemoRequest => ({ method: 'GET', path, body: null, caller: 'anyone' });
const post = (path: string, body: unknown): DemoRequest => ({
  ...get(path),
  method: 'POST',
  body: JSON.stringify(body),
});
const asCustomer = (request: DemoRequest): DemoRequest => ({ ...request, caller: 'customer' });

/** What a visitor does who has nothing better to do. */
export const browse = (): DemoRequest => get('/api/backend/api/products/');
export const signIn = (): DemoRequest => ({
  ...post('/api/auth/login/', { username: 'demo', password: 'demo' }),
  caller: 'signing in',
});

const kinds: readonly Kind[] = [
  { weight: 22, make: browse },
  { weight: 12, make: (random) => get(`/api/backend/api/products/${1 + whole(random, 40)}/`) },
  { weight: 6, make: () => asCustomer(get('/api/backend/api/orders/')) },
  {
    weight: 2,
    make: (random) =>
      asCustomer(
        post('/api/backend/api/orders/', {
          items: [{ productId: 1 + whole(random, 40), quantity: 1 + whole(random, 3) }],
        }),
      ),
  },
  { weight: 20, make: (random) => get(`/api/ai/recommender/user/${1 + whole(random, 500)}/`) },
  { weight: 14, make: (random) => get(`/api/ai/search/query/?q=${encodeURIComponent(pick(random, words))}`) },
  {
    weight: 7,
    make: (random) =>
      post('/api/ai/pricing/calculate/', { product_id: 1 + whole(random, 40), quantity: 1 + whole(random, 5) }),
  },
  { weight: 4, make: (random) => post('/api/ai/chatbot/chat/', { question: pick(random, questions) }) },
  {
    weight: 4,
    make: (random) =>
      asCustomer(
        post('/api/ai/fraud/check/', {
          amount_cents: 500 + whole(random, 90_000),
          account_age_days: whole(random, 900),
        }),
      ),
  },
  { weight: 2, make: (random) => asCustomer(get(`/api/ai/forecasting/product/${1 + whole(random, 40)}/`)) },
  { weight: 2, make: (random) => post('/api/ai/vision/classify/', { label: pick(random, words) }) },
  { weight: 3, make: signIn },
  // Whoever has forgotten to sign in.
  { weight: 1, make: () => get('/api/backend/api/orders/') },
  // Old links and typing mistakes: some 404 belong to a real day.
  { weight: 2, make: (random) => get(`/api/backend/api/products/${90_000 + whole(random, 999)}/`) },
];

const totalWeight = kinds.reduce((sum, { weight }) => sum + weight, 0);

/** `random` gives numbers from 0 to below 1. */
export function makeDemoRequest(random: () => number): DemoRequest {
  let at = random() * totalWeight;
  for (const kind of kinds) {
    at -= kind.weight;
    if (at < 0) return kind.make(random);
  }
  return browse();
}
