import { expect, test } from 'vitest';
import { findLimits } from './edgeFile.ts';

const zones = `
  limit_req_zone $binary_remote_addr zone=api:10m rate=10r/s;
  limit_req_zone $remote_addr zone=auth:10m rate=5r/s; # for /auth
  limit_req_zone $server_name zone=all:10m rate=100r/s;
  limit_conn_zone $binary_remote_addr zone=conn:10m;
`;

test('zones of one client count where they are applied', () => {
  const uses =
    'location / { limit_req zone=api burst=20 nodelay; limit_conn conn 50; } location /a { limit_req burst=1 zone=auth; }';
  expect(findLimits(zones + uses)).toEqual({ requests: ['api', 'auth'], connections: ['conn'] });
});

test('a zone that is only declared, commented out, or shared by all clients limits no client', () => {
  const uses = 'location / {\n  # limit_req zone=api;\n  limit_req zone=all;\n}';
  expect(findLimits(zones + uses)).toEqual({ requests: [], connections: [] });
});
