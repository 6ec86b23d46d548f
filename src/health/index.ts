/** `ligature/health`: says over HTTP whether apps live and are ready, for the probes of Kubernetes and the like. */
export { answerProbes, serveHealth, type Health, type HealthOptions, type HealthServer } from "./serve-health.ts";
