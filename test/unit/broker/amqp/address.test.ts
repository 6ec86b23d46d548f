import { describe, expect, it } from "vitest";
import { parseAddress } from "../../../../src/dist/broker/amqp/connection/index.js";

describe("a broker's URL", () => {
  it("is shown without user and password", () => {
    const { display, nodes } = parseAddress("amqp://some%20one:p%40ss@rabbit.example/orders");
    expect(display).toBe("amqp://rabbit.example:5672/orders");
    expect(nodes).toEqual([
      {
        host: "rabbit.example",
        port: 5672,
        virtualHost: "orders",
        username: "some one",
        password: "p@ss",
        auth: "plain",
        tls: undefined,
        heartbeat: 30,
        connectionTimeout: 10_000,
        channelMax: 0,
        display,
      },
    ]);
    const secure = parseAddress("amqps://[::1]:5679/%2f?heartbeat=5").nodes[0];
    expect(secure).toMatchObject({ host: "::1", port: 5679, username: "guest", heartbeat: 5, virtualHost: "/" });
    expect(parseAddress("amqps://[::1]:5679/%2f").display).toBe("amqps://[::1]:5679/%2f");
    expect(parseAddress("amqps://h").display).toBe("amqps://h:5671");
    // As Celery has it.
    expect(parseAddress("amqp://h//").nodes[0]?.virtualHost).toBe("/");
  });

  it.each([
    "amqp://",
    "amqp://user:s3cret@:5672",
    "amqp://user:s3cret@host:port",
    "amqp://user:s3%cret@host",
    "amqp://user:s3cret@host?heartbeat=x",
    "amqp://app:s3cret1@a/shop,amqp://app:s3cret2@b/shop",
    "amqp://a/shop,amqp://b/shop?s3",
    "amqp://app:s3cret1@a,b/shop",
    "amqp://app:s3/cret@host/v",
    "amqp://app:12/s3cret@host/v",
    "amqp://app:12#s3cret@host/v",
    "amqp://app:12#s3cret",
    "amqp://app:12?s3cret@host/v",
    "amqp://app:12?s3cret",
    "amqp://app:p@s/s3cret@h/v",
    "amqp://a/v;app:s3cret@b/v",
    "amqp://app:s3cret1@a/shop;amqp://app:s3%cret2@b/shop",
    "app:s3cret@host/v",
  ])("%s is refused without being repeated", (url) => {
    expect(() => parseAddress(url)).toThrow(/^\[INVALID_OPTION\] The broker's URL can't be used: (?!.*(s3|cret|app|12))/);
  });

  it.each([
    ["a ';' between them", "amqp://app:s3cret1@a/shop;amqps://app:s3cret2@b:7/shop"],
    ["an array", ["amqp://app:s3cret1@a/shop", "amqps://app:s3cret2@b:7/shop"]],
    ["both", ["amqp://app:s3cret1@a/shop;", " amqps://app:s3cret2@b:7/shop"]],
  ])("of several nodes: %s", (_what, given) => {
    const { nodes, display } = parseAddress(given);
    expect(display).toBe("amqp://a:5672/shop, amqps://b:7/shop");
    expect(nodes.map(({ host, password }) => [host, password])).toEqual([
      ["a", "s3cret1"],
      ["b", "s3cret2"],
    ]);
  });

  it("may have a ; in a password", () => {
    expect(parseAddress("amqp://app:one;two@h").nodes[0]?.password).toBe("one;two");
  });

  it("takes RabbitMQ's parameters", () => {
    const query =
      "cacertfile=/ca.pem&certfile=/c.pem&keyfile=/k.pem&verify=verify_none&server_name_indication=rabbit&auth_mechanism=EXTERNAL" +
      "&heartbeat=0&connection_timeout=2000&channel_max=100";
    expect(parseAddress(`amqps://h?${query}`).nodes[0]).toMatchObject({
      auth: "external",
      heartbeat: 0,
      connectionTimeout: 2000,
      channelMax: 100,
      tls: { files: { ca: "/ca.pem", cert: "/c.pem", key: "/k.pem", verify: false, servername: "rabbit" } },
    });
  });

  it.each([
    ["hartbeat=5", /unknown parameter "hartbeat"; known are cacertfile, .*heartbeat, connection_timeout, channel_max/],
    ["heartbeat=5&heartbeat=6", /heartbeat is there twice/],
    ["heartbeat=65536", /heartbeat must be/],
    ["connection_timeout=0", /connection_timeout must be/],
    ["channel_max=1", /channel_max must be/],
    ["verify=yes", /verify must be verify_peer or verify_none/],
    ["certfile=/c.pem", /certfile and keyfile go together/],
    ["auth_mechanism=GSSAPI", /auth_mechanism must be plain or external/],
  ])("with ?%s is refused", (query, reason) => {
    expect(() => parseAddress(`amqps://h?${query}`)).toThrow(reason);
  });

  it("has TLS parameters only where there is TLS", () => {
    expect(() => parseAddress("amqp://h?cacertfile=/ca.pem")).toThrow(
      "cacertfile is for TLS: the URL has to begin with amqps://",
    );
  });
});
