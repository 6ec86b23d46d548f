import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type * as Ligature from "ligature";
import type * as ContractPart from "ligature/contract";
import type * as GeneratedPart from "ligature/generated";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

/** What the generated code of the contract below would declare. */
interface Tried extends Ligature.Contract {
  readonly fail: {
    si(message: string): Ligature.ImmutableSignature<number>;
  };
  readonly crash: {
    si(message: string): Ligature.ImmutableSignature<number>;
  };
  readonly errors: { readonly Boom: new (data: { at: number }) => Error & { readonly data: { at: number } } };
}

interface Copy {
  readonly ligature: typeof Ligature;
  readonly contract: typeof ContractPart;
  readonly generated: typeof GeneratedPart;
}

const source = join(import.meta.dirname, "../../../src");

/** What npm installs when two packages ask for versions that don't go together. */
async function copyInto(folder: string): Promise<Copy> {
  await cp(join(source, "dist"), join(folder, "dist"), { recursive: true });
  await cp(join(source, "package.json"), join(folder, "package.json"));
  await symlink(join(source, "node_modules"), join(folder, "node_modules"));
  const load = async <M>(file: string): Promise<M> =>
    (await import(/* @vite-ignore */ pathToFileURL(join(folder, "dist", file)).href)) as M;
  return {
    ligature: await load("index.js"),
    contract: await load("contract/index.js"),
    generated: await load("for-generated-code/index.js"),
  };
}

describe("two copies of the library in one process", () => {
  let folder: string;
  let copies: readonly [Copy, Copy];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "ligature-copies-"));
    copies = [
      await copyInto(join(folder, "one/node_modules/ligature")),
      await copyInto(join(folder, "two/node_modules/ligature")),
    ];
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("are two", () => {
    expect(copies[0].ligature.TaskError).not.toBe(copies[1].ligature.TaskError);
  });

  it.each([
    ["one", 0, 1],
    ["the other", 1, 0],
  ] as const)("a contract of %s is served and called by an app of the other", async (_name, theirs, ours) => {
    const { contract, generated } = copies[theirs];
    const { createApp, silentLogger, ...app } = copies[ours].ligature;
    const { contract: define, task } = contract;
    const retry = { limit: 3, delay: "1ms" } as const;
    const definition = define("tried", {
      tasks: {
        fail: task({
          params: { message: z.string() },
          returns: z.number(),
          errors: { Boom: z.object({ at: z.number() }) },
          retry,
        }),
        crash: task({ params: { message: z.string() }, returns: z.number() }),
      },
    });
    const tried = generated.defineContract<Tried>(definition, { fail: { fingerprint: "a" }, crash: { fingerprint: "b" } });
    let runs = 0;
    const handlers = {
      fail: (): number => {
        runs += 1;
        throw new tried.errors.Boom({ at: 7 });
      },
      crash: (message: string): number => {
        throw new TypeError(message);
      },
    };
    await using opened = createApp({ name: "copies", broker: `memory://${randomUUID()}`, log: silentLogger });
    await opened.worker(tried, handlers).start();

    const declared = await outcome(await opened.send(tried.fail.si("x")));
    expect(declared).toBeInstanceOf(tried.errors.Boom);
    expect(declared).toMatchObject({ data: { at: 7 } });
    expect(runs).toBe(1);
    const crashed = await outcome(await opened.send(tried.crash.si("y")));
    expect(crashed).toMatchObject({ name: "TypeError", message: "y" });
    const members = await opened.send(app.group(tried.fail.si("x")));
    const failed = await members.get().catch((error: unknown) => error);

    for (const { ligature } of copies) {
      const { ChordError, LigatureError, TaskError } = ligature;
      for (const error of [declared, crashed, failed]) {
        expect(error).toBeInstanceOf(TaskError);
        expect(error).toBeInstanceOf(LigatureError);
      }
      expect(failed).toBeInstanceOf(ChordError);
      expect(declared).not.toBeInstanceOf(ChordError);
      const coded = new LigatureError("CLOSED", "x");
      expect(coded).not.toBeInstanceOf(TaskError);
      for (const other of copies) expect(coded).toBeInstanceOf(other.ligature.LigatureError);
      class Own extends TaskError {}
      expect(declared).not.toBeInstanceOf(Own);
    }
  });
});

async function outcome(result: Ligature.AsyncResult<number>): Promise<unknown> {
  return result.get().catch((error: unknown) => error);
}
