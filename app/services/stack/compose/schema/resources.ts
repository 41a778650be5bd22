// The shapes of `networks`, `volumes`, `secrets` and `configs`.
import { find, toText } from '../node.ts';
import { flag, list, record, type Shape, table, text } from './shape.ts';
import { pairs, toExternal } from './shortForms.ts';

/** Names that the specification allows for what an operator declares. */
export const names = /^[a-zA-Z0-9._-]+$/;

const options = table({ is: 'pairValue', whenNull: 'empty' });
const external = { toLong: toExternal, nullable: true } as const;

const address = record({
  subnet: text(),
  gateway: text(),
  ip_range: text(),
  aux_addresses: table(text()),
});

export const networks: Shape = table(
  record(
    {
      name: text(),
      driver: text(),
      driver_opts: options,
      ipam: record(
        {
          driver: text(),
          config: list(address, { mergeBy: (item) => toText(find(item, 'subnet')) }),
          options: table(text()),
        },
        { keepEmpty: true },
      ),
      external: flag(),
      internal: flag(),
      attachable: flag(),
      enable_ipv4: flag({ keepEmpty: true }),
      enable_ipv6: flag({ keepEmpty: true }),
      labels: pairs('empty'),
    },
    { ...external, keepEmpty: true },
  ),
  { names },
);

export const volumes: Shape = table(
  record(
    { name: text(), driver: text(), driver_opts: options, external: flag(), labels: pairs('empty') },
    { ...external, keepEmpty: true },
  ),
  { names },
);

const fileObject = {
  name: text(),
  file: text({ path: 'file' }),
  environment: text(),
  external: flag(),
  labels: pairs('empty'),
  template_driver: text(),
};

export const secrets: Shape = table(
  record({ ...fileObject, driver: text(), driver_opts: options }, { toLong: toExternal, keepEmpty: true }),
  { names },
);

export const configs: Shape = table(
  record({ ...fileObject, content: text() }, { toLong: toExternal, keepEmpty: true }),
  { names },
);
