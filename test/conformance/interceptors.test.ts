import {
  chain,
  chord,
  TaskError,
  type LigatureError,
  type Logger,
  type Next,
  type RunCall,
  type RunInterceptor,
  type SendCall,
  type SendInterceptor,
  type TaskContext,
} from "ligature";
import { task } from "ligature/contract";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { brokers } from "../support/brokers.ts";
import { recordLog } from "../support/log-recorder.ts";
import { startOwn, type OwnService } from "../support/own-service.ts";
import { patience } from "../support/patience.ts";

type Keys = "run" | "join" | "tried" | "quiet" | "onFail";
const tasks = {
  run: task({ params: { key: z.string(), upper: z.boolean().default(false) }, returns: z.string() }),
  join: task({ params: { parts: z.union([z.string(), z.array(z.string())]), key: z.string() }, returns: z.string() }),
  tried: task({ params: { key: z.string() }, returns: z.string(), retry: { limit: 2, delay: "10ms", jitter: false } }),
  quiet: task({ params: { key: z.string() }, returns: z.string(), errors: { Denied: z.object({ who: z.string() }) } }),
  onFail: task({ params: { key: z.string() } }),
};

interface Setup {
  readonly sending?: readonly SendInterceptor[];
  readonly serving?: readonly SendInterceptor[];
  readonly appRun?: readonly RunInterceptor[];
  readonly run?: readonly RunInterceptor[];
  readonly onRun?: (ctx: TaskContext, key: string, system: OwnService<Keys>) => unknown;
  readonly log?: Logger;
}

async function start(url: string, { sending = [], serving = [], appRun = [], run = [], onRun, log }: Setup) {
  return startOwn<Keys>(url, {
    tasks,
    app: { interceptors: { send: sending } },
    server: { interceptors: { send: serving, run: appRun } },
    worker: { interceptors: { run } },
    ...(log !== undefined && { log }),
    handlers: (system) => {
      const { journal } = system;
      const handle = async (key: string, ...rest: readonly unknown[]): Promise<unknown> => {
        const ctx = rest.at(-1) as TaskContext;
        journal.write(key, ctx.retries);
        return (await onRun?.(ctx, key, system)) ?? key;
      };
      return {
        run: handle,
        join: ((parts: unknown, key: string) => (journal.write(key, parts), `${String(parts)}+${key}`)) as never,
        tried: handle,
        quiet: handle,
        onFail: (key: string, ctx: TaskContext) => journal.write(key, ctx.failure),
      };
    },
  });
}

async function errorOf(promise: Promise<unknown>): Promise<LigatureError> {
  return promise.then(
    () => expect.fail("It should have failed."),
    (error: LigatureError) => error,
  );
}

/** An interceptor that notes when it is entered and left. */
function noting(name: string, notes: string[]): RunInterceptor & SendInterceptor {
  return async (call: { readonly taskName: string }, next: Next) => {
    notes.push(`${name} in`);
    try {
      return await next();
    } finally {
      notes.push(`${name} out`);
    }
  };
}

describe.each(brokers)("interceptors on $name", ({ url }) => {
  it("run around the handler, the app's first, the first listed outermost", async () => {
    const notes: string[] = [];
    await using system = await start(url(), {
      sending: [noting("send 1", notes), noting("send 2", notes)],
      appRun: [noting("app 1", notes), noting("app 2", notes)],
      run: [noting("worker 1", notes), noting("worker 2", notes)],
      onRun: () => void notes.push("handler"),
    });
    await expect(system.remote.run("a")).resolves.toBe("a");
    const sends = notes.filter((note) => note.startsWith("send"));
    expect(sends).toEqual(["send 1 in", "send 2 in", "send 2 out", "send 1 out"]);
    expect(notes.filter((note) => !note.startsWith("send"))).toEqual([
      "app 1 in",
      "app 2 in",
      "worker 1 in",
      "worker 2 in",
      "handler",
      "worker 2 out",
      "worker 1 out",
      "app 2 out",
      "app 1 out",
    ]);
  });

  it("see the task, its id, its validated arguments, its attempt and what the handler returned", async () => {
    const seen: unknown[] = [];
    await using system = await start(url(), {
      run: [
        async (call, next) => {
          const { id, taskName, args, attempt, rootId, parentId } = call;
          const passed = await next();
          seen.push({ id, taskName, args, attempt, rootId, parentId, value: passed.value });
          return passed;
        },
      ],
    });
    const result = await system.remote.run.delay("a");
    await expect(result.get({ timeout: patience })).resolves.toBe("a");
    const { id } = result;
    expect(seen).toEqual([
      { id, taskName: "own.run", args: ["a", false], attempt: 1, rootId: id, parentId: undefined, value: "a" },
    ]);
  });

  it("add to the handler's context", async () => {
    const seen: unknown[] = [];
    await using system = await start(url(), {
      appRun: [async (_call, next) => next({ context: { db: "database" } })],
      run: [
        async (call: RunCall<{ db: string }>, next: Next) => next({ context: { user: `user of ${call.context.db}` } }),
      ] as never,
      onRun: (ctx) => void seen.push({ ...ctx, id: ctx.id }),
    });
    await system.remote.run("a");
    expect(seen).toEqual([expect.objectContaining({ db: "database", user: "user of database", taskName: "own.run" })]);
  });

  it("let headers travel to the worker, and through retries, and not to what follows", async () => {
    const seen: unknown[] = [];
    await using system = await start(url(), {
      sending: [
        async (call, next) => {
          call.setHeader("tenant", `of ${call.taskName}`);
          return next();
        },
      ],
      run: [
        async (call, next) => {
          seen.push([call.taskName, call.attempt, call.headers["tenant"]]);
          return next();
        },
      ],
      onRun: (ctx) => (ctx.retries === 0 ? ctx.retry({ countdown: 1 }) : undefined),
    });
    const sent = await system.remote.run.applyAsync(["a"], { link: system.tasks.onFail.si("linked") });
    await sent.get({ timeout: patience });
    await system.journal.entry("linked");
    expect(seen).toEqual([
      ["own.run", 1, "of own.run"],
      ["own.run", 2, "of own.run"],
      ["own.onFail", 1, undefined],
    ]);
  });

  it("of sending see what workers send: callbacks, steps, a chord's body, retries, error callbacks", async () => {
    const sent: string[] = [];
    const note: SendInterceptor = async (call: SendCall<never>, next) => {
      sent.push(`${call.kind} ${call.taskName} ${call.attempt}`);
      return next();
    };
    await using system = await start(url(), {
      sending: [note],
      serving: [note],
      onRun: (ctx, key) => {
        if (key === "bad") throw new Error("bad");
        return key === "again" && ctx.retries === 0 ? ctx.retry({ countdown: 0 }) : undefined;
      },
    });
    const { run, join, onFail } = system.tasks;
    const step = await system.app.send(chain(run.si("again", false).linkError(onFail.si("never")), join.s("step")));
    await step.get({ timeout: patience });
    expect(sent.splice(0)).toEqual(["call own.run 1", "retry own.run 2", "successor own.join 1"]);
    const whole = await system.app.send(chord([run.si("x", false), run.si("y", false)], join.s("body") as never));
    await whole.get({ timeout: patience });
    expect(sent.splice(0)).toEqual(["call own.run 1", "call own.run 1", "successor own.join 1"]);
    const failing = await system.remote.run.applyAsync(["bad"], { linkError: onFail.si("failed") });
    await errorOf(failing.get({ timeout: patience }));
    await system.journal.entry("failed");
    expect(sent).toEqual(["call own.run 1", "successor own.onFail 1"]);
  });

  it("of sending that throw fail the call, and nothing is sent", async () => {
    const ran: string[] = [];
    await using system = await start(url(), {
      onRun: (_ctx, key) => void ran.push(key),
      sending: [
        async (call, next) => {
          if (call.args[0] === "refused") throw new Error("not allowed");
          return next();
        },
      ],
    });
    const { run } = system.tasks;
    for (const send of [
      () => system.remote.run("refused"),
      () => system.remote.run.delay("refused"),
      () => system.app.send(chain(run.si("refused", false), run.si("b", false))),
    ]) {
      const error = await errorOf(send());
      expect(error).toMatchObject({ code: "NOT_SENT", cause: { message: "not allowed" } });
      expect(error.message).toContain("own.run was not sent: an interceptor threw: not allowed");
    }
    await expect(system.remote.run("allowed")).resolves.toBe("allowed");
    expect(ran).toEqual(["allowed"]);
  });

  it("of sending that throw once the broker has the task leave it sent, and are logged", async () => {
    const { log, lines } = recordLog();
    await using system = await start(url(), {
      log,
      sending: [
        async (_call, next) => {
          await next();
          throw new Error("too late");
        },
      ],
    });
    await expect(system.remote.run("a")).resolves.toBe("a");
    expect(lines.filter(({ level }) => level === "error").map(({ message }) => message)).toContain(
      "an interceptor failed after the task was sent; it stays sent",
    );
  });

  it("of sending that refuse a callback make it fail, with its own error callbacks", async () => {
    await using system = await start(url(), {
      serving: [
        async (call, next) => {
          if (call.taskName === "own.join") throw new Error("no joining");
          return next();
        },
      ],
    });
    const { join, onFail } = system.tasks;
    const link = join.s("callback").linkError(onFail.si("refused"));
    const parent = await system.remote.run.applyAsync(["a"], { link });
    await expect(parent.get({ timeout: patience })).resolves.toBe("a");
    const failure = await system.journal.entry("refused");
    expect(failure).toMatchObject({
      request: { task: "own.join" },
      error: { message: expect.stringContaining("own.join was not sent: an interceptor threw: no joining") as string },
    });
  });

  it("of sending that hang end with the call's deadline or signal, and nothing is sent", async () => {
    const ran: string[] = [];
    await using system = await start(url(), { sending: [() => new Promise(() => {})], onRun: (_ctx, key) => void ran.push(key) });
    const late = await errorOf(system.remote.run.with({ timeout: 100 })("a"));
    expect(late).toMatchObject({ code: "NOT_SENT" });
    const controller = new AbortController();
    const aborted = errorOf(system.remote.run.with({ signal: controller.signal })("a"));
    controller.abort();
    expect(await aborted).toMatchObject({ code: "ABORTED" });
    expect(ran).toEqual([]);
  });

  it("that throw fail the run as the handler would: by retry policy, with declared errors, with ctx.retry()", async () => {
    const attempts: string[] = [];
    const ran: string[] = [];
    await using system = await start(url(), {
      onRun: (_ctx, key) => void ran.push(key),
      run: [
        async (call, next) => {
          attempts.push(`${call.taskName} ${call.attempt}`);
          if (call.taskName === "own.tried") throw new TypeError("no database");
          if (call.taskName === "own.run" && call.attempt < 3) call.ctx.retry({ countdown: 0 });
          return next();
        },
      ],
    });
    const error = await errorOf(system.remote.tried("a"));
    expect(error).toBeInstanceOf(TaskError);
    expect(error).toMatchObject({ code: "TASK_FAILED", message: expect.stringContaining("no database") as string });
    await expect(system.remote.run("b")).resolves.toBe("b");
    expect(attempts).toEqual(["own.tried 1", "own.tried 2", "own.tried 3", "own.run 1", "own.run 2", "own.run 3"]);
    expect(ran).toEqual(["b"]);
  });

  it("that throw after the handler has returned fail the run: a commit that fails is no success", async () => {
    await using system = await start(url(), {
      run: [
        async (_call, next) => {
          await next();
          throw new Error("commit failed");
        },
      ],
    });
    expect((await errorOf(system.remote.run("a"))).message).toContain("commit failed");
  });

  it("see the handler's error, and can throw another in its place, but not hide it", async () => {
    const seen: unknown[] = [];
    await using system = await start(url(), {
      run: [
        async (call, next) => {
          try {
            return await next();
          } catch (error) {
            seen.push((error as Error).message);
            if (call.args[0] === "hidden") return { value: "all is well" };
            throw new Error("another", { cause: error });
          }
        },
      ],
      onRun: () => {
        throw new Error("from the handler");
      },
    });
    expect((await errorOf(system.remote.run("a"))).message).toContain("another");
    expect((await errorOf(system.remote.run("hidden"))).message).toContain("from the handler");
    expect(seen).toEqual(["from the handler", "from the handler"]);
  });

  it("that call next() twice, never, too late, or return something else fail the run, which isn't tried again", async () => {
    let saved: Next | undefined;
    const mistakes: Record<string, RunInterceptor> = {
      twice: async (_call, next) => {
        await next();
        return next();
      },
      caught: async (_call, next) => {
        const passed = await next();
        await next().catch(() => {});
        return passed;
      },
      never: () => Promise.resolve({ value: 1 }),
      other: async (_call, next) => ({ ...(await next()) }),
      taken: async (_call, next) => next({ context: { log: "mine" } }),
      saved: async (_call, next) => {
        saved = next;
        return next();
      },
      late: async (_call, _next) => {
        return (await saved?.()) as never;
      },
    };
    const attempts: string[] = [];
    await using system = await start(url(), {
      run: [
        async (call, next) => {
          attempts.push(call.args[0] as string);
          return next();
        },
        (call, next) => (mistakes[call.args[0] as string] as RunInterceptor)(call, next),
      ],
    });
    const said: Record<string, string> = {};
    for (const key of Object.keys(mistakes)) {
      if (key === "saved") await system.remote.tried(key);
      else said[key] = (await errorOf(system.remote.tried(key))).message;
    }
    expect(said).toMatchObject({
      twice: expect.stringContaining("called next() twice") as string,
      caught: expect.stringContaining("called next() twice") as string,
      never: expect.stringContaining("ended without calling next(): to stop a task it has to throw") as string,
      other: expect.stringContaining("must return what next() resolves with") as string,
      taken: expect.stringContaining('adds "log" to the context, which has that already') as string,
      late: expect.stringContaining("called next() after it had ended") as string,
    });
    expect(attempts).toEqual(Object.keys(mistakes));
  });

  it("run within the handler's limits, and after its arguments were validated", async () => {
    const seen: unknown[] = [];
    await using system = await start(url(), {
      run: [
        async (call, next) => {
          seen.push(call.args);
          return next();
        },
      ],
    });
    const wrong = await system.app.sendTask("own.run" as never, [1, true] as never).catch((error: LigatureError) => error);
    expect(wrong).toMatchObject({ code: "INVALID_ARGUMENTS" });
    await system.remote.run("a", true);
    expect(seen).toEqual([["a", true]]);
  });

  it("are part of the request: what they send belongs to its workflow", async () => {
    const parents: unknown[] = [];
    let system: OwnService<Keys> | undefined;
    await using started = (system = await start(url(), {
      run: [
        async (call, next) => {
          parents.push([call.taskName, call.parentId]);
          if (call.taskName === "own.run") await system?.app.send(system.tasks.onFail.si("sent by it"));
          return next();
        },
      ],
    }));
    const result = await started.remote.run.delay("a");
    await result.get({ timeout: patience });
    await started.journal.entry("sent by it");
    expect(parents).toContainEqual(["own.run", undefined]);
    const children = await result.children();
    expect(children).toHaveLength(1);
  });
});

describe("wrong interceptors", () => {
  it.each([
    [{ send: "log" }, /interceptors\.send must be an array of functions, got string/],
    [{ run: [undefined] }, /interceptors\.run\[0\] must be a function, got undefined/],
    [{ receive: [] }, /interceptors: unknown option "receive"\. Known: send, run/],
    ["log", /interceptors must be an object/],
  ])("are refused when the app is made: %j", async (interceptors, message) => {
    const error = await errorOf(
      startOwn("memory://", { tasks, handlers: () => ({}) as never, app: { interceptors: interceptors as never } }),
    );
    expect(error).toMatchObject({ code: "INVALID_OPTION" });
    expect(error.message).toMatch(message);
  });
});
