// The shop's tables. A migration that has run anywhere stays as it is; what changes later is another one.
import type { Migration } from '../../stores/databaseMigrations.ts';

export const MIGRATIONS: readonly Migration[] = [
  {
    number: 1,
    name: 'products, customers and their sessions',
    statements: [
      // What can be sold is stock - reserved: an order reserves, and its confirmation takes from the stock. version grows
      // with every change; the search index has what indexed_version says.
      `create table products (
        id integer primary key,
        name text not null,
        category text not null,
        tags text not null,
        price_cents integer not null check (price_cents > 0),
        stock integer not null check (stock >= 0),
        reserved integer not null default 0 check (reserved >= 0 and reserved <= stock),
        version bigint not null,
        indexed_version bigint
      )`,
      'create index products_by_category on products (category, id)',
      // password is null for the customers of the seeded past, who cannot sign in.
      `create table customers (
        id {identity},
        username text not null unique,
        name text not null,
        email text not null,
        password text,
        scopes text not null default '',
        registered_at timestamptz not null
      )`,
      // A row for each refresh token; those that follow from one sign-in are a family.
      `create table sessions (
        token_hash text primary key,
        family text not null,
        customer_id bigint not null references customers (id) on delete cascade,
        created_at timestamptz not null,
        expires_at timestamptz not null,
        used_at timestamptz
      )`,
      'create index sessions_by_family on sessions (family)',
      'create index sessions_by_customer on sessions (customer_id, created_at)',
    ],
  },
  {
    number: 2,
    name: 'carts, orders and their payments',
    statements: [
      `create table cart_lines (
        customer_id bigint not null references customers (id) on delete cascade,
        product_id integer not null references products (id),
        quantity integer not null check (quantity > 0),
        primary key (customer_id, product_id)
      )`,
      `create table orders (
        id {identity},
        customer_id bigint not null references customers (id),
        status text not null check (status in ('received', 'paid', 'payment-failed', 'confirmed')),
        total_cents bigint not null,
        payment_method text not null,
        placed_at timestamptz not null,
        changed_at timestamptz not null
      )`,
      'create index orders_by_customer on orders (customer_id, id)',
      // The few that are not at their end; the rest is history.
      `create index orders_under_way on orders (placed_at) where status in ('received', 'paid')`,
      `create table order_lines (
        order_id bigint not null references orders (id) on delete cascade,
        product_id integer not null references products (id),
        quantity integer not null check (quantity > 0),
        price_cents integer not null,
        primary key (order_id, product_id)
      )`,
      `create table order_requests (
        customer_id bigint not null references customers (id) on delete cascade,
        request_key text not null,
        content_hash text not null,
        order_id bigint,
        created_at timestamptz not null,
        primary key (customer_id, request_key)
      )`,
      `create table payments (
        order_id bigint primary key references orders (id) on delete cascade,
        result text not null,
        reference text not null,
        made_at timestamptz not null
      )`,
      // What a mail server would send.
      `create table confirmations (
        order_id bigint primary key references orders (id) on delete cascade,
        recipient text not null,
        subject text not null,
        written_at timestamptz not null
      )`,
    ],
  },
  {
    number: 3,
    name: 'tasks on their way to the queue, tasks done, and when which is due',
    statements: [
      `create table outbox (
        id {identity},
        message_id text not null unique,
        task text not null,
        payload text not null,
        trace text not null,
        created_at timestamptz not null,
        claimed_until timestamptz
      )`,
      `create table processed (
        message_id text not null,
        task text not null,
        processed_at timestamptz not null,
        primary key (message_id, task)
      )`,
      'create index processed_by_time on processed (processed_at)',
      'create table schedule (task text primary key, due_at timestamptz not null)',
      'create table seeds (name text primary key, sown_at timestamptz not null)',
    ],
  },
];
