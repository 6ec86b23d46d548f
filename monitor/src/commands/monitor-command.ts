import { defineCommand, UsageError, type Command } from "ligature/cli";

/** `ligature monitor`: pages that show what workers do and did. */
export const monitorCommand: Command = defineCommand({
  name: "monitor",
  summary: "show in a browser what workers do and did",
  description:
    "Hears the events of all workers, Ligature's and Celery's, keeps them, and shows them in a browser. Asks all workers to tell of their tasks.",
  options: {
    broker: { type: "text", value: "url", description: "the broker (or BROKER_URL)" },
    database: {
      type: "text",
      value: "place",
      default: "ligature-monitor",
      description: "a folder for an embedded PostgreSQL, or the URL of a server (or MONITOR_DATABASE)",
    },
    port: { type: "text", value: "number", default: "5556", description: "the port to listen on; 0 for any" },
    host: { type: "text", value: "name", default: "localhost", description: "the address to listen on" },
    keep: { type: "text", value: "days", default: "7", description: "how long details are kept" },
    queue: { type: "text", value: "name", default: "ligature.monitor", description: "the queue that collects events" },
    contracts: { type: "list", value: "folder", description: "where contract.json files are (default: below this folder)" },
    title: { type: "text", value: "text", default: "Ligature", description: "what the pages are called" },
    "user-header": {
      type: "text",
      value: "name",
      description: "the header in which a proxy in front says who it is; everybody else is refused",
    },
    actor: {
      type: "list",
      value: "name",
      description: "a user of that header who may act; the others may look (default: all may act)",
    },
    "no-ask": { type: "switch", description: "don't ask workers to tell of their tasks; hear those that do so by themselves" },
    "read-only": { type: "switch", description: "nobody may act" },
  },
  notes:
    "Environment: MONITOR_TOKEN is a password for those who may act, MONITOR_LOOK_TOKEN for those who may look.\n" +
    "Beyond this machine (--host), nobody may act without a token or --user-header.",
  async run({ options }, terminal) {
    const broker = options.broker ?? process.env["BROKER_URL"];
    if (broker === undefined) throw new UsageError("monitor needs a broker: --broker amqp://localhost, or BROKER_URL.");
    if (!/^amqps?:\/\//.test(broker) || !URL.canParse(broker)) {
      throw new UsageError("--broker must be the URL of a RabbitMQ, such as amqp://localhost.");
    }
    const { serveMonitor } = await import("./serve-monitor.ts");
    return serveMonitor(
      {
        broker,
        database: process.env["MONITOR_DATABASE"] ?? options.database,
        port: wholeNumber("--port", options.port, 0, 65_535),
        host: options.host,
        keepDays: wholeNumber("--keep", options.keep, 1, 3650),
        queue: options.queue,
        contracts: options.contracts.length > 0 ? options.contracts : [terminal.cwd],
        title: options.title,
        userHeader: options["user-header"],
        actors: options.actor.length > 0 ? options.actor : undefined,
        ask: !options["no-ask"],
        readOnly: options["read-only"],
        token: process.env["MONITOR_TOKEN"] || undefined,
        lookToken: process.env["MONITOR_LOOK_TOKEN"] || undefined,
      },
      terminal,
    );
  },
});

function wholeNumber(option: string, text: string, from: number, to: number): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= from && number <= to) return number;
  throw new UsageError(`${option} must be a whole number from ${from} to ${to}, not "${text}".`);
}
