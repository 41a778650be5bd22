// Probes running containers: one timer a container, from its start to its end.
import type { Container } from '../containers/container.ts';
import { interpretTest } from './interpretTest.ts';
import { runProbe } from './probe.ts';
import { advanceHealth, beginHealth, endHealth, type HealthPlan, nextProbeMs, toHealthPlan } from './state.ts';

export interface HealthMonitor {
  /** Of a container that was just started. */
  begin(container: Container): void;
  /** Of one that was paused: it goes on from what it was. */
  resume(container: Container): void;
  end(container: Container): void;
}

/** `changed` is called when the status of a container becomes another one. */
export function createHealthMonitor(changed: (container: Container) => void): HealthMonitor {
  const timers = new Map<string, NodeJS.Timeout>();

  function begin(container: Container): void {
    const { healthcheck } = container.spec;
    const { startedAt } = container.state;
    if (healthcheck === null || startedAt === null) return;
    const plan = toHealthPlan(healthcheck);
    container.health = beginHealth(plan, startedAt);
    run(container, plan);
  }

  function run(container: Container, plan: HealthPlan): void {
    const { workload } = container;
    const probe = interpretTest({
      test: plan.test,
      ports: container.ports.map((port) => port.containerPort),
      standInFor: workload.kind === 'standIn' ? workload.product : null,
    });
    const toHostPort = (port: number) => container.ports.find((one) => one.containerPort === port)?.hostPort;
    const schedule = () => {
      const health = container.health;
      if (health === null) return;
      const timer = setTimeout(() => void turn(timer), nextProbeMs(health, plan));
      timers.set(container.id, timer);
    };
    const turn = async (timer: NodeJS.Timeout) => {
      const result = await runProbe(probe, toHostPort, plan.timeoutMs);
      // It may have ended, paused, or begun anew, while the probe was under way.
      if (timers.get(container.id) !== timer || container.health === null) return;
      const before = container.health.status;
      container.health = advanceHealth(container.health, plan, result);
      if (container.health.status !== before) changed(container);
      schedule();
    };
    schedule();
  }

  return {
    begin,
    resume(container) {
      const { healthcheck } = container.spec;
      if (healthcheck !== null && container.health !== null) run(container, toHealthPlan(healthcheck));
    },
    end(container) {
      clearTimeout(timers.get(container.id));
      timers.delete(container.id);
      if (container.health !== null) container.health = endHealth(container.health);
    },
  };
}
