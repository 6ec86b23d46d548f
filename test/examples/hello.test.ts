import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { projectRoot } from "../support/documents.ts";

test("hello: a call, a success callback and an error callback, until Ctrl-C", async () => {
  const child = spawn(process.execPath, ["examples/hello/dist/caller.js"], {
    cwd: projectRoot,
    env: { ...process.env, BROKER: undefined },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const exited = once(child, "exit");
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    lines.push(line);
    if (lines.length === 3) child.kill("SIGINT");
  }
  expect(await exited).toEqual([0, null]);
  const year = new Date().getFullYear();
  expect(lines.toSorted()).toEqual([
    `order 2 is cancelled: CardDeclined {"reason":"over the card's limit"}`,
    `order 3 was paid in ${year}`,
    `to ada@example.com: 3000 cents for order 1, paid in ${year}`,
  ]);
});
