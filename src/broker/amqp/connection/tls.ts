import { readFileSync } from "node:fs";
import type { ConnectionOptions, TlsOptions } from "node:tls";
import { LigatureError } from "../../../errors/index.ts";
import type { BrokerNode, NodeTls } from "./address.ts";

// n.b. node:tls and node:net aren't imported: every program that makes an app loads this file, and most URLs have no TLS.

/**
 * Tells at once what would otherwise be told by OpenSSL at each attempt to connect.
 * @throws LigatureError `INVALID_OPTION` when a certificate, a key or a file of them can't be used
 */
export function checkTls({ tls, host }: BrokerNode): void {
  if (tls === undefined) return;
  const options = tlsOptions(tls, host);
  try {
    process.getBuiltinModule("node:tls").createSecureContext(options);
  } catch (error) {
    const reason = (error as Error).message.replaceAll(/\s*[\r\n]+\s*/g, " ");
    throw new LigatureError("INVALID_OPTION", `The certificates for the broker can't be used: ${reason}.`, { cause: error });
  }
}

/** What the URL says goes before the app's options. @throws LigatureError `INVALID_OPTION` when a file can't be read */
export function tlsOptions({ options, files }: NodeTls, host: string): ConnectionOptions {
  const ca = files.ca === undefined ? options.ca : read(files.ca, "cacertfile");
  const cert = files.cert === undefined ? options.cert : read(files.cert, "certfile");
  const key = files.key === undefined ? options.key : read(files.key, "keyfile");
  const servername =
    files.servername ?? options.servername ?? (process.getBuiltinModule("node:net").isIP(host) === 0 ? host : undefined);
  return {
    rejectUnauthorized: files.verify ?? options.verify ?? true,
    ...(ca !== undefined && { ca: ca as TlsOptions["ca"] }),
    ...(cert !== undefined && { cert: cert as TlsOptions["cert"] }),
    ...(key !== undefined && { key: key as TlsOptions["key"] }),
    ...(options.passphrase !== undefined && { passphrase: options.passphrase }),
    ...(servername !== undefined && { servername }),
  };
}

function read(file: string, parameter: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new LigatureError("INVALID_OPTION", `The file that ${parameter} names in the broker's URL can't be read: ${file}`, {
      cause: error,
    });
  }
}
