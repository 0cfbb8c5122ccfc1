// Which models does Prometheus see, and was a newer one turned away?
import type {FastifyInstance} from "fastify";
import type {Serving} from "./serving.ts";

/** Gauges of what is served, told when they are asked for. Call it after the metrics plugin is registered. */
export function modelMetrics(
  app: FastifyInstance,
  {
    serving,
    failure,
  }: {readonly serving: () => Serving | undefined; readonly failure: () => string | undefined},
): void {
  const {Gauge} = app.metrics.client;
  new Gauge({
    name: "volbook_model_info",
    help: "1 for every model that is served",
    labelNames: ["name", "version", "model", "trained_through"],
    collect() {
      this.reset();
      for (const {name, version, model, trained_through} of serving()?.predictor.manifests ?? [])
        this.set({name, version, model, trained_through}, 1);
    },
  });
  new Gauge({
    name: "volbook_model_rejected",
    help: "1 while what the lake holds now cannot be used, and what was loaded before is served",
    collect() {
      this.set(failure() === undefined ? 0 : 1);
    },
  });
}
