// Who can be reached from outside of the engine.
import type { Part, PublishedPortFact } from '../facts/facts.ts';
import { isEntry } from './roles.ts';
import { cis, fail, inBoth, inProduction, model, ofParts, pass, type Rule, toFinding, toList } from './rule.ts';

export function isLoopback({ hostIp }: PublishedPortFact): boolean {
  return /^(127\.|localhost$|\[?::1\]?$)/i.test(hostIp);
}

export function toPortText({ hostIp, hostPorts, containerPort, protocol }: PublishedPortFact): string {
  const ports = hostPorts === null ? 'any' : hostPorts[0] === hostPorts[1] ? hostPorts[0] : hostPorts.join('-');
  return `${hostIp || '0.0.0.0'}:${ports} for ${containerPort}/${protocol}`;
}

const outside = (part: Part) => part.ports.filter((port) => !isLoopback(port));
const PUBLIC_PORTS = [80, 443];

function isPublicPort({ hostPorts }: PublishedPortFact): boolean {
  return hostPorts !== null && hostPorts[0] === hostPorts[1] && PUBLIC_PORTS.includes(hostPorts[0]);
}

export const exposureRules: readonly Rule[] = [
  {
    id: 'exposure.edge-only',
    severity: 'critical',
    title: 'Only the edge publishes ports',
    remedy: 'Write `ports: []` for the service (in an override file `ports: !reset []`, since lists are appended).',
    source: model('Security Model 2, Port Exposure; Production vs Development, Exposed Ports'),
    modes: inProduction,
    judge: ofParts(
      (part) => {
        const published = outside(part);
        if (published.length > 0) return fail(`publishes ${toList(published.map(toPortText))}`);
        return pass('publishes nothing that is reached from outside');
      },
      (part, facts) => !isEntry(part, facts),
    ),
  },
  {
    id: 'exposure.edge-ports',
    severity: 'high',
    title: 'The edge publishes 80 and 443 and nothing else',
    remedy: 'Leave `ports: ["80:80", "443:443"]` at the edge alone, and reach others with `gatehouse forward`.',
    source: model('Network Topology, Production Security'),
    modes: inProduction,
    judge: ofParts((part) => {
      const others = outside(part).filter((port) => !isPublicPort(port));
      if (others.length > 0) return fail(`publishes ${toList(others.map(toPortText))}`);
      return pass('publishes no other port than 80 and 443');
    }, isEntry),
  },
  {
    id: 'exposure.loopback',
    severity: 'medium',
    title: 'What is not the edge is not published on loopback either',
    remedy: 'Write `ports: []`, and reach the port with `gatehouse forward SERVICE:PORT`.',
    source: model('Port Reference, Production Ports'),
    modes: inProduction,
    judge: ofParts(
      (part) => {
        const published = part.ports.filter(isLoopback);
        if (published.length === 0) return pass('publishes nothing on loopback');
        return fail(`publishes ${toList(published.map(toPortText))}: every program of the host reaches it`);
      },
      (part, facts) => !isEntry(part, facts),
    ),
  },
  {
    id: 'exposure.development',
    severity: 'high',
    title: 'Development publishes its ports on loopback',
    remedy: 'Write the address before the port: `ports: ["127.0.0.1:5432:5432"]`.',
    source: `${model('Port Reference, Development Ports')}; ${cis('5.14')}`,
    modes: ['dev'],
    judge: ofParts((part) => {
      const published = outside(part);
      if (published.length > 0) return fail(`publishes ${toList(published.map(toPortText))} to the whole network`);
      return pass(part.ports.length > 0 ? 'publishes on loopback alone' : 'publishes nothing');
    }),
  },
  {
    id: 'tls.published',
    severity: 'high',
    title: 'The edge takes HTTPS',
    remedy: 'Publish 443 at the edge and give it a certificate; leave 80 to the redirect.',
    source: model('Production vs Development, SSL'),
    modes: inProduction,
    judge: (facts) => {
      const entries = facts.parts.filter((part) => isEntry(part, facts) && part.ports.length > 0);
      return entries.map((part) => {
        const isOffered = part.ports.some(
          ({ hostPorts, containerPort }) => hostPorts?.[0] === 443 || containerPort === 443 || containerPort === 8443,
        );
        const seen = isOffered ? pass('publishes 443') : fail('publishes no port for HTTPS: clients speak plain HTTP');
        return toFinding(part.service, part.where, seen);
      });
    },
  },
  {
    id: 'exposure.docker-socket',
    severity: 'critical',
    title: 'No container has the engine’s socket',
    remedy: 'Take the mount away; put a proxy that lets only the needed calls through where one is really needed.',
    source: cis('5.32'),
    modes: inBoth,
    isEnforcedByEngine: true,
    judge: ofParts(({ mounts }) => {
      const found = mounts.filter(({ source }) =>
        /(docker|containerd|podman|crio)[\w.-]*\.sock$|docker_engine$/i.test(source),
      );
      if (found.length === 0) return pass('no socket of an engine is mounted');
      return fail(`mounts ${toList(found.map(({ source }) => source))}: who has it is root on the host`);
    }),
  },
];
