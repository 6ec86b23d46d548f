import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { startRabbitmq } from "../../scripts/lib/private-rabbitmq.mjs";
import { ExampleProcess } from "../support/example-process.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const guide = fileURLToPath(new URL("../../docs/guides/deployment.md", import.meta.url));
const samples = fileURLToPath(new URL("../../examples/samples/", import.meta.url));

/** The command of the guide, as a shell would read it. */
async function documentedPermissions(): Promise<readonly string[]> {
  const command = /^rabbitmqctl (set_permissions example (?:\\\n|.)*)$/m.exec(await readFile(guide, "utf8"))?.[1];
  if (command === undefined) throw new Error("The guide has no such command.");
  return command
    .replaceAll("\\\n", " ")
    .trim()
    .split(/ +/)
    .map((word) => word.replaceAll("'", ""));
}

it("the example system needs no more permissions than are documented", async () => {
  const rabbitmq = await startRabbitmq();
  onTestFinished(() => rabbitmq.stop());
  await rabbitmq.ctl("add_user", "example", "s3cret");
  await rabbitmq.ctl(...(await documentedPermissions()));
  const folder = await temporaryFolder();
  onTestFinished(() => folder.remove());
  const files = ["orders.csv", "empty.csv"];
  await Promise.all(files.map((name) => copyFile(join(samples, name), join(folder.path, name))));
  const broker = `amqp://example:s3cret@127.0.0.1:${rabbitmq.port}`;
  const system = new ExampleProcess(["--broker", broker, "--data", join(folder.path, "data"), ...files], {
    INIT_CWD: folder.path,
  });
  expect(await system.exited, system.output).toEqual({ code: 0, signal: null });
  expect(system.output).toMatch(/^2 files, .*: 1 accepted, 1 refused\./m);
  expect(system.output).not.toMatch(/refused for user|ACCESS_REFUSED/);
  expect(rabbitmq.logTail(500)).not.toContain("refused for user");
}, 500_000);
