import type * as Api from "@opentelemetry/api";
import type { Logger } from "../logging/index.ts";

/** Adds the ids of the span that is active to each line. */
export function withTraceIds(api: typeof Api, log: Logger): Logger {
  const fieldsOf = (fields: object): object => {
    const active = api.trace.getActiveSpan()?.spanContext();
    return active === undefined || !api.isSpanContextValid(active)
      ? fields
      : { trace_id: active.traceId, span_id: active.spanId, ...fields };
  };
  return {
    debug: (fields, message) => log.debug(fieldsOf(fields), message),
    info: (fields, message) => log.info(fieldsOf(fields), message),
    warn: (fields, message) => log.warn(fieldsOf(fields), message),
    error: (fields, message) => log.error(fieldsOf(fields), message),
    child: (bindings) => withTraceIds(api, log.child(bindings)),
  };
}
