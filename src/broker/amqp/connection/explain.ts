import { Outages, reasonOf, type Logger, type OutageCause } from "../../../logging/index.ts";
import type { BrokerAddress, BrokerNode } from "./address.ts";

/** Why an attempt to connect to a node failed. */
export class ConnectFailure extends Error {
  readonly node: BrokerNode;
  override readonly cause: Error;

  constructor(node: BrokerNode, cause: Error) {
    super(cause.message);
    this.node = node;
    this.cause = cause;
  }
}

/** Trying again soon can't help: somebody has to change the URL, or the broker's users. */
const refusedLogin = /ACCESS[_-]REFUSED/;
const refusedVirtualHost = /NOT[_-]ALLOWED/;
/** Somebody else may give a connection back, and a virtual host may be starting. */
const passing = /limit|is down/;
/** The server's certificate, or ours. */
const certificate = /certificate|self[- ]signed|tlsv1 alert|sslv3 alert|hostname\/IP does not match/i;
const unsupportedMechanism = /^SASL mechanism/;

/** What all connections to one broker tell of its outages. */
export function outagesOf(log: Logger, address: BrokerAddress): Outages {
  const several = address.nodes.length > 1;
  const explain = (error: Error): OutageCause => {
    if (!(error instanceof ConnectFailure)) return { reason: oneLine(reasonOf(error)), permanent: false };
    const { reason, permanent } = explainTo(error.node, error.cause);
    return { reason: several ? `${error.node.display}: ${reason}` : reason, permanent };
  };
  return new Outages(log, { server: "RabbitMQ", address: address.display, explain });
}

function explainTo(node: BrokerNode, error: Error): OutageCause {
  const text = oneLine(reasonOf(error));
  if (refusedLogin.test(text)) {
    const check =
      node.auth === "external"
        ? "check that RabbitMQ has a user of the client certificate's name"
        : "check user name and password in the broker's URL";
    return { reason: `it refused the login, ${check} (${text})`, permanent: true };
  }
  if (refusedVirtualHost.test(text)) {
    if (passing.test(text)) return { reason: `it takes no connection (${text})`, permanent: false };
    return {
      reason: `it has no virtual host ${JSON.stringify(node.virtualHost)}, or this user may not use it (${text})`,
      permanent: true,
    };
  }
  if (node.tls !== undefined && certificate.test(text)) {
    return { reason: `TLS failed, check the certificates and the server's name (${text})`, permanent: true };
  }
  if (unsupportedMechanism.test(text))
    return { reason: `${text}: change auth_mechanism, or RabbitMQ's auth_mechanisms`, permanent: true };
  return { reason: text, permanent: false };
}

/** OpenSSL's texts have several lines. */
function oneLine(text: string): string {
  return text.replaceAll(/\s*[\r\n]+\s*/g, " ").trim();
}
