import { expect, test } from 'vitest';
import { loadText } from './test/loadText.ts';

test('a service in short forms comes out in long ones', async () => {
  const { project } = await loadText(`
name: shop
services:
  api:
    image: shop/api
    command: serve --port "80 81"
    environment: [A=1, B]
    depends_on: [db]
    ports: ["127.0.0.1:8080:80/udp"]
    volumes: ["./conf:/etc/api:ro", "data:/data"]
    healthcheck: { test: curl localhost, interval: 90s }
  db: { image: postgres }
volumes: { data: , unused: }
`);
  expect(project).toEqual({
    name: 'shop',
    services: {
      api: {
        image: 'shop/api',
        command: ['serve', '--port', '80 81'],
        entrypoint: null,
        environment: { A: '1', B: null },
        depends_on: { db: { condition: 'service_started', required: true } },
        networks: { default: null },
        ports: [{ mode: 'ingress', host_ip: '127.0.0.1', target: 80, published: '8080', protocol: 'udp' }],
        volumes: [
          {
            type: 'bind',
            source: '/project/conf',
            target: '/etc/api',
            read_only: true,
            bind: { create_host_path: true },
          },
          { type: 'volume', source: 'data', target: '/data', volume: {} },
        ],
        healthcheck: { test: ['CMD-SHELL', 'curl localhost'], interval: '1m30s' },
      },
      db: { image: 'postgres', command: null, entrypoint: null, networks: { default: null } },
    },
    networks: { default: { name: 'shop_default', ipam: {} } },
    volumes: { data: { name: 'shop_data' } },
  });
});
