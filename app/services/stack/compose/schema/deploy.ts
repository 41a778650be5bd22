import { isMap, isText, type Node, toFields, toList, toMap, toScalar, withEntries, withEntry } from '../node.ts';
import { bytes, duration, fraction, list, record, type Shape, text, whole } from './shape.ts';
import { pairs, texts } from './shortForms.ts';

const rollout = record(
  {
    parallelism: whole({ keepEmpty: true, min: 0 }),
    delay: duration({ omitZero: true }),
    failure_action: text(),
    monitor: duration({ omitZero: true }),
    max_failure_ratio: fraction(),
    order: text({ oneOf: ['start-first', 'stop-first'] }),
  },
  { keepEmpty: true },
);

const deviceKeys = {
  capabilities: texts({ unique: true }),
  driver: text(),
  count: whole({ words: { all: -1 } }),
  device_ids: texts({ unique: true }),
  options: pairs('empty'),
};

/** Neither a count nor ids: all of them. */
function countAll(node: Node): Node {
  if (!isMap(node) || node.entries.has('count') || node.entries.has('device_ids')) return node;
  return withEntry(node, 'count', toScalar(-1, node.place));
}

export const gpus = list(record(deviceKeys, { defaults: countAll }), {
  toLong: (node) => (isText(node) ? toList([toFields({ count: node }, node.place)], node.place) : node),
});

const limits = { cpus: fraction(), memory: bytes({ textOnly: true }) };

export const deploy: Shape = record(
  {
    mode: text(),
    endpoint_mode: text(),
    replicas: whole({ keepEmpty: true }),
    labels: pairs('empty'),
    rollback_config: rollout,
    update_config: rollout,
    resources: record(
      {
        limits: record({ ...limits, pids: whole() }, { keepEmpty: true }),
        reservations: record(
          {
            ...limits,
            generic_resources: list(
              record({ discrete_resource_spec: record({ kind: text(), value: whole() }, { keepEmpty: true }) }),
            ),
            devices: list(record(deviceKeys, { required: ['capabilities'], defaults: countAll })),
          },
          { keepEmpty: true },
        ),
      },
      { keepEmpty: true },
    ),
    restart_policy: record(
      { condition: text(), delay: duration(), max_attempts: whole({ keepEmpty: true, min: 0 }), window: duration() },
      { keepEmpty: true },
    ),
    placement: record(
      {
        constraints: texts(),
        preferences: list(record({ spread: text() })),
        max_replicas_per_node: whole(),
      },
      { keepEmpty: true },
    ),
  },
  {
    nullable: true,
    keepEmpty: true,
    defaults(node) {
      if (!isMap(node)) return node;
      const empty = toMap([], node.place);
      return withEntries(node, [['resources', empty], ['placement', empty], ...node.entries]);
    },
  },
);
