import { readFileSync } from "node:fs";
import { join } from "node:path";
import { task } from "ligature/contract";
import { prometheus } from "ligature/prometheus";
import { Registry } from "prom-client";
import type { TaskContext } from "ligature";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { brokers } from "../support/brokers.ts";
import { projectRoot } from "../support/documents.ts";
import { startOwn } from "../support/own-service.ts";
import { patience } from "../support/patience.ts";

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly fieldConfig: { readonly defaults: { readonly unit?: string } };
  readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
}
const dashboard = JSON.parse(readFileSync(join(projectRoot, "docs", "grafana", "ligature.json"), "utf8")) as {
  readonly panels: readonly Panel[];
};

/** One sample of a metric: its name and labels. */
interface Series {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

function seriesIn(text: string): readonly Series[] {
  return text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [, name = "", labels = "", value = ""] = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? expect.fail(line);
      return {
        name,
        labels: new Map([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = "", held = ""]) => [key, held])),
        value: Number(value),
      };
    });
}

const tasks = {
  run: task({ params: { key: z.string() }, returns: z.string() }),
};

/** A system that has done everything that is measured. */
async function busy(url: string) {
  const [caller, server] = [await prometheus(), await prometheus()];
  let refuse = false;
  const system = await startOwn<"run">(url, {
    tasks,
    app: {
      telemetry: caller,
      interceptors: {
        send: [
          async (_call, next) => {
            if (refuse) throw new Error("not now");
            return next();
          },
        ],
      },
    },
    server: { telemetry: [server] },
    handlers: () => ({
      run: (key: string, ctx: TaskContext) => {
        if (key === "bad") throw new Error("bad");
        if (key === "again" && ctx.retries === 0) ctx.retry({ countdown: 0 });
        return key;
      },
    }),
  });
  await system.remote.run("a");
  await system.remote.run("again");
  await system.remote.run("bad").catch(() => {});
  // What the worker can't read as its own: the wrong kind of argument, of a task that it doesn't have.
  const send = (name: string, args: readonly unknown[], fingerprint?: string) => raw(system, name, args, fingerprint);
  await send("own.run", [1], "another version").catch(() => {});
  await send("own.unknown", []).catch(() => {});
  refuse = true;
  await system.remote.run("refused").catch(() => {});
  // An answer is there a moment before its request has ended.
  await expect.poll(() => server.text(), { timeout: patience }).toMatch(/^ligature_tasks_in_flight\{task="own.run"\} 0$/m);
  await expect.poll(() => server.text(), { timeout: patience }).toMatch(/^ligature_dead_letters_total\{task=""\} 1$/m);
  return { system, series: seriesIn(`${await caller.text()}\n${await server.text()}`) };
}

/** Sends what a contract of another version would. */
async function raw(
  system: Awaited<ReturnType<typeof startOwn<"run">>>,
  name: string,
  args: readonly unknown[],
  fingerprint = "",
) {
  const { contract } = await import("ligature/contract");
  const { defineContract } = await import("ligature/generated");
  const key = name.split(".")[1] as "run";
  const other = contract("own", {
    queue: { name: system.queue },
    tasks: { [key]: task({ params: { key: z.any().optional() }, returns: z.any() }) },
  });
  const built = defineContract<{ run: { si(...args: readonly unknown[]): never } }>(other, {
    [key]: { fingerprint, plainArgs: true, plainResult: true },
  });
  const result = (await system.newApp().send(built[key].si(...args))) as { get(options: object): Promise<unknown> };
  return result.get({ timeout: "20s" });
}

describe.each(brokers)("Prometheus on $name", ({ url }) => {
  it("gets every metric of the dashboard, with each label that it asks for", async () => {
    const { system, series } = await busy(url());
    await using _closed = system;
    const asked = dashboard.panels.flatMap(({ title, targets }) =>
      targets.flatMap(({ expr }) => selectors(expr).map((selector) => ({ title, ...selector }))),
    );
    expect(asked.length).toBeGreaterThan(12);
    for (const { title, name, labels } of asked) {
      const fit = series.filter((each) => each.name === name && labels.every((label) => each.labels.has(label)));
      expect(fit.length, `${title}: ${name}{${labels.join(",")}}`).toBeGreaterThan(0);
    }
    // And shows all that there is.
    const shown = new Set(asked.map(({ name }) => base(name)));
    expect([...new Set(series.map(({ name }) => base(name)))].filter((name) => !shown.has(name))).toEqual([]);
  });

  it("counts what happened", async () => {
    const { system, series } = await busy(url());
    await using _closed = system;
    const value = (name: string, labels: Readonly<Record<string, string>>): number =>
      series
        .filter((each) => each.name === name && Object.entries(labels).every(([key, text]) => each.labels.get(key) === text))
        .reduce((sum, each) => sum + each.value, 0);
    expect(value("ligature_sent_total", { task: "own.run", kind: "call" })).toBe(3);
    expect(value("ligature_sent_total", { task: "own.run", kind: "retry" })).toBe(1);
    expect(value("ligature_not_sent_total", { task: "own.run" })).toBe(1);
    expect(value("ligature_task_retries_total", { task: "own.run" })).toBe(1);
    expect(value("ligature_task_run_seconds_count", { task: "own.run", outcome: "failed" })).toBe(1);
    expect(value("ligature_task_run_seconds_count", { task: "own.run", outcome: "succeeded" })).toBe(2);
    expect(value("ligature_task_queue_seconds_count", { task: "own.run" })).toBe(4);
    expect(value("ligature_tasks_in_flight", { task: "own.run" })).toBe(0);
    expect(value("ligature_foreign_versions_total", { task: "own.run" })).toBe(1);
    expect(value("ligature_dead_letters_total", { task: "own.run" })).toBe(1);
    // Anybody can invent names: they make no series.
    expect(value("ligature_dead_letters_total", { task: "" })).toBe(1);
    expect(series.some(({ labels }) => labels.get("task") === "own.unknown")).toBe(false);
  });
});

it("the dashboard's panels have ids of their own, and units", () => {
  const { panels } = dashboard;
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  for (const { title, fieldConfig } of panels) expect(fieldConfig.defaults.unit, title).toBeTruthy();
});

it("metrics go to the program's own registry where it has one", async () => {
  const register = new Registry();
  const metrics = await prometheus({ register });
  expect(await register.metrics()).toContain("ligature_tasks_in_flight");
  expect(metrics.contentType).toContain("text/plain");
  await expect(prometheus({ registry: register } as never)).rejects.toMatchObject({ code: "INVALID_OPTION" });
});

/** The metrics that an expression reads, each with the labels by which it selects or groups. */
function selectors(expr: string): readonly { readonly name: string; readonly labels: readonly string[] }[] {
  const grouped = [...expr.matchAll(/by \(([^)]*)\)/g)]
    .flatMap(([, list = ""]) => list.split(", "))
    .filter((label) => label !== "instance");
  return [...expr.matchAll(/\b(ligature_[a-z_]+)(?:\{([^}]*)\})?/g)].map(([, name = "", matchers = ""]) => ({
    name,
    labels: [...[...matchers.matchAll(/(\w+)=/g)].map(([, label = ""]) => label), ...grouped],
  }));
}

function base(name: string): string {
  return name.replace(/_(bucket|sum|count)$/, "");
}
