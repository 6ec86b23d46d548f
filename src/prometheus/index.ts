/** `ligature/prometheus`: metrics for Prometheus to scrape. */
export { prometheus, type Prometheus, type PrometheusOptions } from "./prometheus.ts";
