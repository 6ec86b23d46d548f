import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

export const serviceNames = ["catalog", "processing", "notifications"] as const;
export type ServiceName = (typeof serviceNames)[number];

/** What all services are told. */
export interface ServiceSettings {
  readonly broker: string;
  /** Where results are kept; undefined for what goes with the broker. */
  readonly backend: string | undefined;
  /** A folder. */
  readonly data: string;
  readonly databaseUrl: string | undefined;
  readonly bytesPerSecond: number | undefined;
}

export interface RunCommand {
  readonly kind: "run";
  /** Where the services are: in this process, in processes that are started for the run, or already running. */
  readonly services: "embedded" | "processes" | "running";
  /** As the user wrote them. Neither files nor imports means the samples. */
  readonly files: readonly string[];
  /** Folders, each to be imported as a whole. */
  readonly imports: readonly string[];
  /** Import the folder that is made for the purpose, too. */
  readonly importSample: boolean;
  readonly settings: ServiceSettings;
  readonly verbose: boolean;
}

export interface ServiceCommand {
  readonly kind: "service";
  readonly name: ServiceName;
  readonly settings: ServiceSettings;
  /** Log warnings and errors only. */
  readonly quiet: boolean;
}

export type Command = { readonly kind: "help" } | RunCommand | ServiceCommand;

/** The user's mistake, in one line. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const memoryBroker = "memory://";
const defaultData = fileURLToPath(new URL("../../data", import.meta.url));

/** @throws UsageError */
export function parseCommandLine(args: readonly string[], environment: NodeJS.ProcessEnv): Command {
  const { values, positionals } = parse(args);
  if (values.help === true) return { kind: "help" };
  const settings: ServiceSettings = {
    broker: values.broker === undefined ? memoryBroker : checkedBroker(values.broker),
    backend: values.backend === undefined ? undefined : checkedBackend(values.backend),
    data: values.data === undefined ? defaultData : resolve(callersFolder(environment), values.data),
    databaseUrl: environment["DATABASE_URL"] || undefined,
    bytesPerSecond: values["read-rate"] === undefined ? undefined : checkedRate(values["read-rate"]) * 1e6,
  };
  const [first, ...more] = positionals;
  const importSample = values["import-sample"] === true;
  const imports = values.import ?? [];
  if (imports.includes("")) throw new UsageError("--import needs the name of a folder.");
  if (first === "service") {
    if (importSample || imports.length > 0) throw new UsageError("service imports nothing by itself; use send --import.");
    return { kind: "service", name: serviceName(more, settings), settings, quiet: values.quiet === true };
  }
  if (first === "send") {
    if (settings.broker === memoryBroker) throw new UsageError("send needs --broker: the services are running elsewhere.");
    return { kind: "run", services: "running", files: more, imports, importSample, settings, verbose: false };
  }
  const services = settings.broker === memoryBroker ? "embedded" : "processes";
  return { kind: "run", services, files: positionals, imports, importSample, settings, verbose: values.verbose === true };
}

function serviceName([name, ...more]: readonly string[], { broker }: ServiceSettings): ServiceName {
  if (!isServiceName(name)) throw new UsageError(`service needs a name: ${serviceNames.join(", ")}.`);
  if (more.length > 0) throw new UsageError(`service takes one name; "${more[0]}" is too much.`);
  if (broker === memoryBroker) {
    throw new UsageError("service needs --broker: alone in its process, it has to meet the others somewhere.");
  }
  return name;
}

/** The folder that the user is in. npm changes to the package's before it starts us, and remembers. */
export function callersFolder(environment: NodeJS.ProcessEnv): string {
  return environment["INIT_CWD"] ?? process.cwd();
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        broker: { type: "string" },
        backend: { type: "string" },
        import: { type: "string", multiple: true },
        "import-sample": { type: "boolean" },
        data: { type: "string" },
        "read-rate": { type: "string" },
        verbose: { type: "boolean" },
        quiet: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    // Node's own words are good ("Unknown option '--x'. To specify …"); their first sentence will do.
    const message = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${message.split(". ")[0]?.replace(/\.$/, "")}. --help lists the options.`);
  }
}

function checkedBroker(value: string): string {
  if (URL.canParse(value)) {
    const { protocol, pathname, search, hash } = new URL(value);
    // A part of a password, or a second URL, would be shown.
    const isWhole = !/@|:\/\//.test(`${pathname}${search}${hash}`);
    if (isWhole && (protocol === "amqp:" || protocol === "amqps:")) return value;
  }
  throw new UsageError(`--broker must be the URL of a RabbitMQ, such as amqp://localhost.`);
}

function checkedBackend(value: string): string {
  // Not URL.canParse: a cluster's URL names several hosts.
  if (/^rediss?(?:-cluster)?:\/\//.test(value)) return value;
  throw new UsageError(`--backend must be the URL of a Redis, such as redis://localhost.`);
}

function checkedRate(value: string): number {
  const rate = Number(value);
  if (rate > 0 && Number.isFinite(rate)) return rate;
  throw new UsageError(`--read-rate must be a number of megabytes per second, such as 2 or 0.5, not "${value}".`);
}

function isServiceName(name: string | undefined): name is ServiceName {
  return serviceNames.some((known) => known === name);
}
