import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { runInNewContext } from "node:vm";
import { lab } from "@ligature/lab";
import { transform } from "esbuild";
import { createApp, type Logger } from "ligature";
import pino from "pino";
import { afterEach, describe, expect, it, vi } from "vitest";
import winston from "winston";
import { consoleLogger } from "../../../src/dist/logging/index.js";
import { Journal } from "../../support/journal.ts";
import { labHandlers, onQueue } from "../../support/lab.ts";

type Line = Readonly<Record<string, unknown>>;

/** What an app with this logger writes when a task fails, with all that a line may say of that. */
async function linesOf(make: (stream: Writable) => Logger): Promise<readonly Line[]> {
  const lines: Line[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      for (const line of String(chunk).split("\n")) if (line !== "") lines.push(JSON.parse(line) as Line);
      done();
    },
  });
  await using app = createApp({ name: "logging", broker: `memory://${crypto.randomUUID()}`, log: make(stream) });
  const contract = onQueue(lab, "logging");
  const worker = app.worker(
    contract,
    labHandlers(new Journal(), () => app.remote(contract)),
  );
  await worker.start();
  await app
    .remote(contract)
    .explode("told")
    .catch(() => {});
  return lines;
}

/** The adapter as the guide shows it. */
async function fromWinston(): Promise<(logger: winston.Logger) => Logger> {
  const page = readFileSync(join(import.meta.dirname, "../../../docs/guides/deployment.md"), "utf8");
  const [, code] = /```ts\n(import type \{ Logger \}[\s\S]*?fromWinston[\s\S]*?)```/.exec(page) ?? [];
  const { code: script } = await transform(code ?? "", { loader: "ts", format: "esm" });
  const url = `data:text/javascript;base64,${Buffer.from(script).toString("base64")}`;
  const module = (await import(/* @vite-ignore */ url)) as {
    fromWinston: (logger: winston.Logger) => Logger;
  };
  return module.fromWinston;
}

describe("an error in a log line", () => {
  it("is written by pino, as it is", async () => {
    const lines = await linesOf((stream) => pino({ level: "debug" }, stream));
    const failed = lines.find(({ msg }) => msg === "task failed");
    expect(failed).toMatchObject({ task: "lab.explode", err: { type: "TypeError", message: "told" } });
    expect((failed?.["err"] as { stack?: string } | undefined)?.stack).toContain("TypeError: told\n    at ");
  });

  it("is written by winston, through the guide's adapter", async () => {
    const adapt = await fromWinston();
    const lines = await linesOf((stream) =>
      adapt(
        winston.createLogger({
          level: "debug",
          format: winston.format.json(),
          transports: [new winston.transports.Stream({ stream })],
        }),
      ),
    );
    const failed = lines.find(({ message }) => message === "task failed");
    expect(failed).toMatchObject({ level: "error", task: "lab.explode", err: { name: "TypeError", message: "told" } });
    expect((failed?.["err"] as { stack?: string } | undefined)?.stack).toContain("TypeError: told\n    at ");
  });

  describe("of the default logger", () => {
    afterEach(() => void vi.restoreAllMocks());

    function written(fields: object): string {
      const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
      consoleLogger().error(fields, "failed");
      return write.mock.calls.map(([text]) => String(text)).join("");
    }

    it("comes with its stack and its causes", () => {
      const text = written({ err: new Error("outside", { cause: new RangeError("inside") }) });
      expect(text).toMatch(
        /ERROR failed err="outside"\n {4}Error: outside\n {4}at .+\n {4}caused by RangeError: inside\n {4}at /s,
      );
    });

    it("comes with its stack when it is one of another realm", () => {
      const foreign: unknown = runInNewContext(`new TypeError("foreign")`);
      expect(written({ err: foreign })).toMatch(/err=foreign|err="foreign"\n {4}TypeError: foreign\n {4}at /);
    });
  });
});

it("no line of Ligature's names an error otherwise", () => {
  const source = join(import.meta.dirname, "../../../src");
  const others = readdirSync(source, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.startsWith("dist") && !file.includes("node_modules"))
    .flatMap((file) => {
      const text = readFileSync(join(source, file), "utf8");
      const lines = [...text.matchAll(/\blog\.(?:debug|info|warn|error)\(\s*(\{[^{}]*\}),\s*["`]/g)];
      return lines.filter(([, fields = ""]) => /[{,]\s*(?:error|problem)\b\s*[,:}]/.test(fields)).map(() => file);
    });
  expect(others).toEqual([]);
});
