import { Gauge, type Registry } from 'prom-client';
import { PROCESS_METRICS } from '#metric-names';
import type { LiveSettings } from '#settings';

/** Adds to a registry whether the settings in force are those of the files. */
export function collectReloadMetrics(registry: Registry, settings: LiveSettings): void {
  const { reloadSuccessful, reloadSuccessTime } = PROCESS_METRICS;
  const registers = [registry];
  new Gauge({
    ...{ name: reloadSuccessful.name, help: reloadSuccessful.help, registers },
    collect() {
      this.set(settings.state.mistakes.length === 0 ? 1 : 0);
    },
  });
  new Gauge({
    ...{ name: reloadSuccessTime.name, help: reloadSuccessTime.help, registers },
    collect() {
      this.set(settings.state.readAt / 1000);
    },
  });
}
