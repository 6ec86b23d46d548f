import { lab } from "@ligature/lab";
import { LigatureError } from "ligature";
import { expect, it } from "vitest";
import type { ResultBackend } from "../../../src/dist/backend/index.js";
import { ResultHandle } from "../../../src/dist/client/result-handle.js";
import type { StoredResult } from "../../../src/dist/protocol/index.js";
import { knownTask } from "../../../src/dist/signature/index.js";
import { Deadlines } from "../../../src/dist/timing/index.js";
import { resultOf } from "../../support/backend-bench.ts";

/** A handle, and what its backend would call. */
function watched(): { handle: ResultHandle; tell: (result: StoredResult) => void } {
  let tell: (result: StoredResult) => void = () => {};
  const backend = {
    watch: (_id: string, onResult: typeof tell) => {
      tell = onResult;
      return { close: () => {} };
    },
  } as unknown as ResultBackend;
  const known = knownTask(lab.add.taskName);
  if (known === undefined) throw new Error("The lab's contract is not loaded.");
  const handle = new ResultHandle("id", known, {
    backend,
    deadlines: new Deadlines(),
    revoke: () => Promise.resolve(),
    inspect: () => Promise.resolve(undefined),
    onSettled: () => {},
  });
  handle.watch();
  return { handle, tell: (result) => tell(result) };
}

it("a result that comes after its handle was given up changes nothing: state, ready and get agree", async () => {
  const { handle, tell } = watched();
  tell(resultOf("id", null, "STARTED"));
  handle.fail(new LigatureError("CLOSED", "The app was closed."));
  tell(resultOf("id", 3));
  expect([await handle.state(), await handle.ready()]).toEqual(["STARTED", false]);
  await expect(handle.get()).rejects.toMatchObject({ code: "CLOSED" });
});

it("an end is for good: what comes after it, or a failure of the app, changes nothing", async () => {
  const { handle, tell } = watched();
  tell(resultOf("id", 3));
  tell(resultOf("id", null, "STARTED"));
  handle.fail(new LigatureError("CLOSED", "The app was closed."));
  handle.expectNothing();
  expect([await handle.state(), await handle.ready(), await handle.get()]).toEqual(["SUCCESS", true, 3]);
});
