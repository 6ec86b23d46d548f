import type * as Api from "@opentelemetry/api";
import type { Logger } from "../logging/index.ts";
import { checkKnown, oneOf, optionsObject, type OptionPlace } from "../options/index.ts";
import { loadPeer } from "../peers/index.ts";
import { measuring, type Telemetry } from "../telemetry/index.ts";
import { meters } from "./metrics.ts";
import { tracing, type Relation } from "./tracing.ts";
import { withTraceIds } from "./with-trace-ids.ts";

export interface OpenTelemetryOptions {
  /**
   * How a worker's span belongs to the one that sent the request. `child`: it is a part of that trace. `link`: it begins a trace of
   * its own, with a link. `auto`: `link` for a request that was delayed, is tried again, or is a member of a group or chord, else `child`. @default "auto"
   */
  readonly relation?: Relation;
}

/** Traces, metrics and trace ids in logs for an app: `createApp({ telemetry })`. */
export interface OpenTelemetry extends Telemetry {
  /** A logger that adds `trace_id` and `span_id` to what is logged within a span: `createApp({ log: telemetry.logger(log) })`. */
  logger(log: Logger): Logger;
}

const place: OptionPlace = { prefix: "openTelemetry(): " };

/**
 * Watches an app with the providers that the program has registered with `@opentelemetry/api`; without an SDK it does next to nothing.
 * @throws LigatureError `INVALID_OPTION`, also when the package isn't installed
 */
export async function openTelemetry(options: OpenTelemetryOptions = {}): Promise<OpenTelemetry> {
  optionsObject(options, "openTelemetry() needs an object of options.");
  checkKnown(options, ["relation"], "openTelemetry()", place);
  const relation = oneOf(options.relation ?? "auto", "relation", place, ["auto", "child", "link"]);
  const api: typeof Api = await loadPeer("@opentelemetry/api", () => import("@opentelemetry/api"));
  const traced = tracing(api, relation);
  const measured = measuring(meters(api));
  return {
    // The span is outermost, so that all that is measured is within it.
    send: [traced.send, ...measured.send],
    request: (request, serve) => traced.request(request, () => measured.request(request, serve)),
    run: traced.run,
    ended(outcome) {
      traced.ended(outcome);
      measured.ended(outcome);
    },
    foreignVersion: measured.foreignVersion,
    logger: (log) => withTraceIds(api, log),
  };
}
