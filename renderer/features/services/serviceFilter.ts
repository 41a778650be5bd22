// The filter of Services: words that must all hold, and the order by trouble. Pure.
import { type Level, type Service, splitField, splitFilterWords } from '../../../app/contract/index.ts';

type ServiceTest = (service: Service) => boolean;

/** What `field:value` looks at; a value matches where it is contained. */
const fields: Record<string, (service: Service) => readonly string[]> = {
  health: (service) => [service.level, ...service.containers.map(({ health }) => health)],
  net: (service) => service.networks,
  kind: (service) => [service.kind],
  image: (service) => [service.image],
  state: (service) => service.containers.map(({ state }) => state),
  route: (service) => service.routes,
  is: (service) => (service.standInFor === null ? [] : ['stand-in']),
};

export const serviceFilterHint = 'Filter: health:down, net:ai, kind:store, is:stand-in, or text';

export function toServiceTest(filter: string): ServiceTest {
  const tests = splitFilterWords(filter).map((word): ServiceTest => {
    const split = splitField(word);
    const read = split && Object.hasOwn(fields, split.field) ? fields[split.field] : undefined;
    const test = split && read ? toFieldTest(read, split.value) : toTextTest(word.text);
    return word.negated ? (service) => !test(service) : test;
  });
  return (service) => tests.every((test) => test(service));
}

function toFieldTest(read: (service: Service) => readonly string[], value: string): ServiceTest {
  const wanted = value.toLowerCase();
  // `unhealthy` holds `healthy`: a whole value is meant where there is one.
  return (service) => {
    const values = read(service).map((one) => one.toLowerCase());
    return values.includes(wanted) || (wanted !== 'healthy' && values.some((one) => one.includes(wanted)));
  };
}

function toTextTest(text: string): ServiceTest {
  const wanted = text.toLowerCase();
  return (service) =>
    [service.name, service.image, service.statusText, service.kind, service.standInFor ?? ''].some((one) =>
      one.toLowerCase().includes(wanted),
    );
}

const order: readonly Level[] = ['down', 'degraded', 'unknown', 'ok'];

/** The worst first, then by name. */
export function sortByTrouble(services: readonly Service[]): Service[] {
  return [...services].sort(
    (a, b) => order.indexOf(a.level) - order.indexOf(b.level) || a.name.localeCompare(b.name, 'en'),
  );
}
