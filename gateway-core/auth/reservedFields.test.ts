import { expect, test } from 'vitest';
import { createReservedFields } from './reservedFields.ts';

const isReserved = createReservedFields(['x-user-id', 'x-user.mail']);

test.each(['x-user-id', 'x_user_id', 'x-user_id', 'x.user.id', 'x~user!id', 'x-user-mail', 'x_user.mail'])(
  'a server could take %s for a field of the gateway, so a client cannot send it',
  (name) => {
    expect(isReserved(name)).toBe(true);
  },
);

test.each(['x-gatehouse-identity', 'x_gatehouse_identity', 'x-gatehouse_identity', 'x.gatehouse.demo'])(
  '%s is the gateway’s always',
  (name) => {
    expect(createReservedFields([])(name)).toBe(true);
  },
);

test.each(['x-user-ids', 'x-user', 'user-id', 'x-gatehouse', 'xx-user-id', 'content-type'])(
  '%s is a client’s',
  (name) => {
    expect(isReserved(name)).toBe(false);
  },
);
