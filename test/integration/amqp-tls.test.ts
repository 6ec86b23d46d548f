import { createApp } from "ligature";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePorts } from "../../scripts/lib/free-ports.mjs";
import { startRabbitmq, type PrivateRabbitmq } from "../../scripts/lib/private-rabbitmq.mjs";
import { findRabbitmq } from "../../scripts/lib/programs.mjs";
import type { BrokerTls } from "../../src/dist/broker/index.js";
import { openRabbitmq } from "../support/amqp-bench.ts";
import { CertificateAuthority, type Certificate } from "../support/certificates.ts";
import { startLab } from "../support/lab.ts";
import { recordLog } from "../support/log-recorder.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

describe("RabbitMQ with TLS", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let ours: CertificateAuthority;
  let client: Certificate;
  let rabbitmq: PrivateRabbitmq;
  let port: number;

  beforeAll(async () => {
    if (findRabbitmq() === undefined)
      throw new Error("This test needs a RabbitMQ that is installed: a container can't read its certificates.");
    folder = await temporaryFolder();
    ours = await CertificateAuthority.in(folder.path);
    const server = await ours.issue("rabbit.test", "DNS:rabbit.test");
    client = await ours.issue("shop-service");
    [port = 0] = await freePorts(1);
    rabbitmq = await startRabbitmq({
      plugins: ["rabbitmq_auth_mechanism_ssl"],
      config: [
        `listeners.ssl.1 = 127.0.0.1:${port}`,
        `ssl_options.cacertfile = ${ours.ca.certFile}`,
        `ssl_options.certfile = ${server.certFile}`,
        `ssl_options.keyfile = ${server.keyFile}`,
        "ssl_options.verify = verify_peer",
        "ssl_options.fail_if_no_peer_cert = false",
        "ssl_cert_login_from = common_name",
        "auth_mechanisms.1 = PLAIN",
        "auth_mechanisms.2 = EXTERNAL",
      ].join("\n"),
    });
    await rabbitmq.ctl("add_user", "shop-service", "unknown to everybody");
    await rabbitmq.ctl("set_permissions", "shop-service", ".*", ".*", ".*");
  }, 180_000);
  afterAll(async () => {
    await rabbitmq?.stop();
    await folder?.remove();
  });

  const url = (query: Readonly<Record<string, string>> = {}, user = "guest:guest@"): string =>
    `amqps://${user}127.0.0.1:${port}?${new URLSearchParams(query).toString()}`;
  const ca = (): { readonly cacertfile: string } => ({ cacertfile: ours.ca.certFile });
  const named = { server_name_indication: "rabbit.test" };

  it.each<[string, () => Readonly<Record<string, string>>, () => BrokerTls | undefined]>([
    ["a private authority, by parameters", () => ({ ...ca(), ...named }), () => undefined],
    ["a private authority, by options", () => ({}), () => ({ ca: ours.ca.cert, servername: "rabbit.test" })],
    ["no check, by a parameter", () => ({ verify: "verify_none" }), () => undefined],
    ["no check, by an option", () => ({}), () => ({ verify: false })],
    ["parameters that go before options", () => ({ ...ca(), ...named }), () => ({ servername: "other.test" })],
  ])("is reached with %s", async (_what, query, brokerTls) => {
    const tls = brokerTls();
    const app = tls === undefined ? {} : { brokerTls: tls };
    await using system = await startLab(url(query()), { app, server: app });
    expect(await system.remote.add(1, 2)).toBe(3);
  });

  it.each<[string, "url" | "options"]>([
    ["parameters", "url"],
    ["options", "options"],
  ])("knows a client by its certificate, given by %s", async (_what, where) => {
    const byUrl = { ...ca(), ...named, certfile: client.certFile, keyfile: client.keyFile, auth_mechanism: "external" };
    const tls = { ca: ours.ca.cert, servername: "rabbit.test", cert: client.cert, key: client.key };
    const app = where === "url" ? {} : ({ brokerTls: tls, brokerAuth: "external" } as const);
    await using system = await startLab(url(where === "url" ? byUrl : {}, ""), { app, server: app });
    expect(await system.remote.add(1, 2)).toBe(3);
    expect(await rabbitmq.ctl("list_connections", "user", "auth_mechanism")).toMatch(/^shop-service\s+EXTERNAL$/m);
  });

  it.each<[string, () => Readonly<Record<string, string>>, RegExp]>([
    ["an authority that isn't known", () => named, /TLS failed, check the certificates and the server's name \(.*certificate/],
    ["another name", () => ({ ...ca(), server_name_indication: "other.test" }), /TLS failed, .*(does not match|altnames)/],
    ["no certificate of ours", () => ({ ...ca(), ...named, auth_mechanism: "external" }), /refused the login|EXTERNAL/],
  ])("is refused with %s, in one line of the log", async (_what, query, reason) => {
    const { log, lines } = recordLog();
    const broker = openRabbitmq({ url: url(query()), log });
    await expect(
      broker.publish({ exchange: "", routingKey: "any", headers: {}, properties: {}, body: new Uint8Array() }),
    ).rejects.toThrow(reason);
    const texts = lines.map(({ message }) => message);
    expect(texts[0]).toMatch(reason);
    expect(texts.filter((text) => /[\r\n]/.test(text))).toEqual([]);
  });
});

describe("certificates that can't be used", () => {
  it.each<[string, string, BrokerTls, RegExp]>([
    [
      "a file that isn't there",
      "?cacertfile=/no/such/ca.pem",
      {},
      /file that cacertfile names .* can't be read: \/no\/such\/ca\.pem/,
    ],
    [
      "what is no certificate",
      "",
      { cert: "-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n", key: "-----BEGIN PRIVATE KEY-----" },
      /certificates .* can't be used/,
    ],
    ["a file's name in place of its text", "", { ca: "/etc/ca.pem" }, /brokerTls\.ca must be PEM/],
    [
      "a certificate without a key",
      "",
      { cert: "-----BEGIN CERTIFICATE-----" },
      /brokerTls\.cert and brokerTls\.key go together/,
    ],
  ])("are told when the app is made: %s", (_what, query, brokerTls, reason) => {
    expect(() => createApp({ name: "tls", broker: `amqps://127.0.0.1:1${query}`, brokerTls })).toThrow(reason);
  });
});

describe("RabbitMQ with several nodes", () => {
  it("is reached while one of them is away, and reached again at another when one is lost", async () => {
    const nodes = await Promise.all([startRabbitmq(), startRabbitmq()]);
    try {
      const [first, second] = nodes;
      const { log, lines } = recordLog();
      await first.kill();
      const broker = openRabbitmq({ url: `${first.url};${second.url}`, log, publishTimeout: 60_000 });
      const queue = { kind: "reply", name: "failover", expires: 600_000 } as const;
      await broker.declare(queue);
      await first.start();
      await second.kill();
      await broker.publish({ exchange: "", routingKey: "failover", headers: {}, properties: {}, body: new Uint8Array() });
      expect(await first.ctl("list_queues", "name", "messages")).toMatch(/^failover\s+1$/m);
      expect(lines.at(-1)?.message).toMatch(new RegExp(`^connected again to RabbitMQ .* at amqp://127.0.0.1:${first.port}$`));
      await broker.close();
    } finally {
      await Promise.all(nodes.map((node) => node.stop()));
    }
  }, 240_000);

  it("is begun with at different nodes", async () => {
    // Nobody answers there; what is tried first is what counts.
    const ports = await freePorts(2);
    const firsts = new Set<string>();
    for (let attempt = 0; attempt < 60 && firsts.size < 2; attempt += 1) {
      const { log, lines } = recordLog();
      const broker = openRabbitmq({ url: ports.map((each) => `amqp://127.0.0.1:${each}`).join(";"), log, publishTimeout: 300 });
      await broker.declare({ kind: "reply", name: "none", expires: 1000 }).catch(() => {});
      firsts.add(/reached: (\S+):/.exec(lines[0]?.message ?? "")?.[1] ?? "");
      await broker.close();
    }
    expect([...firsts].toSorted()).toEqual(ports.map((each) => `amqp://127.0.0.1:${each}`).toSorted());
  }, 60_000);
});
