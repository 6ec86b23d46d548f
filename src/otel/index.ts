/** `ligature/otel`: traces, metrics and trace ids in logs, by OpenTelemetry's API. */
export { openTelemetry, type OpenTelemetry, type OpenTelemetryOptions } from "./open-telemetry.ts";
