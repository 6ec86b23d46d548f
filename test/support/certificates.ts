import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { patience } from "./patience.ts";

/** A certificate and its key, as PEM files and as text. */
export interface Certificate {
  readonly certFile: string;
  readonly keyFile: string;
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority of one's own, by openssl; all that it makes is in one folder, and holds for two days. */
export class CertificateAuthority {
  readonly #folder: string;
  readonly ca: Certificate;

  private constructor(folder: string, ca: Certificate) {
    this.#folder = folder;
    this.ca = ca;
  }

  static async in(folder: string, name = "ca"): Promise<CertificateAuthority> {
    const [certFile, keyFile] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)];
    await openssl("req", "-x509", ...newKey(keyFile), "-days", "2", "-subj", `/CN=${name}`, "-out", certFile);
    return new CertificateAuthority(folder, await certificate(certFile, keyFile));
  }

  /** @param names what it is for: `DNS:rabbit.test,IP:127.0.0.1` */
  async issue(commonName: string, names?: string): Promise<Certificate> {
    const path = (ending: string): string => join(this.#folder, `${commonName}.${ending}`);
    await openssl("req", ...newKey(path("key")), "-subj", `/CN=${commonName}`, "-out", path("csr"));
    await writeFile(path("ext"), names === undefined ? "basicConstraints=CA:FALSE" : `subjectAltName=${names}`);
    const signed = ["-CA", this.ca.certFile, "-CAkey", this.ca.keyFile, "-CAcreateserial", "-days", "2", "-extfile", path("ext")];
    await openssl("x509", "-req", "-in", path("csr"), ...signed, "-out", path("pem"));
    return certificate(path("pem"), path("key"));
  }
}

function newKey(file: string): readonly string[] {
  return ["-newkey", "rsa:2048", "-nodes", "-keyout", file];
}

async function certificate(certFile: string, keyFile: string): Promise<Certificate> {
  return { certFile, keyFile, cert: await readFile(certFile, "utf8"), key: await readFile(keyFile, "utf8") };
}

async function openssl(...args: readonly string[]): Promise<void> {
  await promisify(execFile)("openssl", args, { timeout: patience });
}
