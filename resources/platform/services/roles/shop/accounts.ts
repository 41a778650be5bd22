// The accounts that customers sign in with.
import type { Environment } from '../../kit/environment.ts';
import { findSecret } from '../../kit/environment.ts';
import type { Log } from '../../kit/log.ts';
import type { Database } from '../../stores/database.ts';
import { ADMIN_SCOPE } from './customers.ts';
import type { Passwords } from './passwords.ts';

export interface Account {
  id: number;
  username: string;
  name: string;
  email: string;
  scopes: string;
  password: string | null;
}

export interface NewAccount {
  username: string;
  name: string;
  email: string;
  password: string;
  scopes?: string;
}

const COLUMNS = 'id, username, name, email, scopes, password';
const CUSTOMER_SCOPES = 'customer';
/** Everybody knows its password, and it may do what any customer may: it is there to try the shop. */
const DEMO_ACCOUNT: NewAccount = { username: 'demo', password: 'demo', name: 'Demo', email: 'demo@shop.example' };

export async function findAccount(
  database: Database,
  by: { username: string } | { id: number },
): Promise<Account | undefined> {
  const [column, value] = 'id' in by ? ['id', by.id] : ['username', by.username];
  const [account] = await database.query<Account>(`select ${COLUMNS} from customers where ${column} = $1`, [value]);
  return account;
}

/** undefined when the name is taken. */
export async function addAccount(
  database: Database,
  passwords: Passwords,
  { username, name, email, password, scopes = CUSTOMER_SCOPES }: NewAccount,
): Promise<Account | undefined> {
  const [account] = await database.query<Account>(
    `insert into customers (username, name, email, password, scopes, registered_at) values ($1, $2, $3, $4, $5, $6)
      on conflict (username) do nothing returning ${COLUMNS}`,
    [username, name, email, await passwords.hash(password), scopes, new Date().toISOString()],
  );
  return account;
}

interface AccountSetting {
  database: Database;
  passwords: Passwords;
  environment: Environment;
  log: Log;
}

/** The demo account, and an administrator where SHOP_ADMIN_PASSWORD gives one a password. */
export async function ensureAccounts({ database, passwords, environment, log }: AccountSetting): Promise<void> {
  if (!(await findAccount(database, DEMO_ACCOUNT))) await addAccount(database, passwords, DEMO_ACCOUNT);
  const password = findSecret(environment, 'SHOP_ADMIN_PASSWORD');
  if (password === undefined) {
    log('info', 'no one can sign in as administrator; SHOP_ADMIN_PASSWORD would give admin a password');
    return;
  }
  const scopes = `${CUSTOMER_SCOPES} ${ADMIN_SCOPE}`;
  const admin = await findAccount(database, { username: 'admin' });
  if (admin === undefined) {
    const account = { username: 'admin', name: 'Administrator', email: 'admin@shop.example', password, scopes };
    await addAccount(database, passwords, account);
  } else if (admin.scopes !== scopes || !(await passwords.isRight(password, admin.password))) {
    const kept = await passwords.hash(password);
    await database.query('update customers set password = $2, scopes = $3 where id = $1', [admin.id, kept, scopes]);
  }
}
