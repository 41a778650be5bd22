// Probes running containers: one timer a container, from its start to its end.
import type { Container } from '../containers/container.ts';
import { interpretTest } from './interpretTest.ts';
import { runProbe } from './probe.ts';
import { advanceHealth, beginHealth, endHealth, nextProbeMs, toHealthPlan } from './state.ts';

export interface HealthMonitor {
  begin(container: Container): void;
  end(container: Container): void;
}

/** `changed` is called when the status of a container becomes another one. */
export function createHealthMonitor(changed: (container: Container) => void): HealthMonitor {
  const timers = new Map<string, NodeJS.Timeout>();

  function begin(container: Container): void {
    const spec = container.spec.healthcheck;
    const startedAt = container.state.startedAt;
    if (spec === null || startedAt === null) return;
    const plan = toHealthPlan(spec);
    const { workload } = container;
    const probe = interpretTest({
      test: plan.test,
      ports: container.ports.map((port) => port.containerPort),
      standInFor: workload.kind === 'standIn' ? workload.product : null,
    });
    const toHostPort = (port: number) => container.ports.find((one) => one.containerPort === port)?.hostPort;
    let health = beginHealth(plan, startedAt);
    container.health = health;

    const schedule = () => {
      timers.set(
        container.id,
        setTimeout(() => void turn(), nextProbeMs(health, plan)),
      );
    };
    const turn = async () => {
      const result = await runProbe(probe, toHostPort, plan.timeoutMs);
      // It may have ended, or begun anew, while the probe was under way.
      if (container.state.startedAt !== startedAt || container.state.status !== 'running') return;
      const before = health.status;
      health = advanceHealth(health, plan, result);
      container.health = health;
      if (health.status !== before) changed(container);
      schedule();
    };
    schedule();
  }

  return {
    begin,
    end(container) {
      clearTimeout(timers.get(container.id));
      timers.delete(container.id);
      if (container.health !== null) container.health = endHealth(container.health);
    },
  };
}
