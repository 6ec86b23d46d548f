import type { ModuleShape } from "./messages.ts";

type Member = (...args: readonly unknown[]) => unknown;

/** The module with the handlers, as a child has loaded it. */
export class HandlerModule {
  readonly #handlers: Readonly<Record<string, unknown>>;

  private constructor(handlers: Readonly<Record<string, unknown>>) {
    this.#handlers = handlers;
  }

  /** @throws Error what the module throws, or that it exports no handlers */
  static async load(url: string): Promise<HandlerModule> {
    const loaded = (await import(url)) as { readonly default?: unknown };
    return new HandlerModule(handlersIn(loaded.default));
  }

  get shape(): ModuleShape {
    return Object.fromEntries(Object.entries(this.#handlers).map(([key, handler]) => [key, shapeOf(handler)]));
  }

  /** A handler or one of its hooks, bound to what it belongs to. */
  member(key: string, hook?: string): Member {
    const handler = this.#handlers[key];
    if (typeof handler === "function") return handler.bind(this.#handlers) as Member;
    const object = handler as Readonly<Record<string, Member>>;
    return (object[hook ?? "run"] as Member).bind(object);
  }
}

function handlersIn(exported: unknown): Readonly<Record<string, unknown>> {
  // What a compiler makes of an ES module as CommonJS.
  const own =
    typeof exported === "object" && exported !== null && "__esModule" in exported && "default" in exported
      ? exported.default
      : exported;
  if (typeof own === "object" && own !== null) return own as Readonly<Record<string, unknown>>;
  throw new TypeError(
    own === undefined
      ? "it has no default export. Export the handlers: export default { … } satisfies …Handlers"
      : `its default export is a ${own === null ? "null" : typeof own}, not an object with one handler per task.`,
  );
}

function shapeOf(handler: unknown): ModuleShape[string] {
  if (typeof handler === "function") return "function";
  if (typeof handler !== "object" || handler === null) return "other";
  const members: Record<string, "function" | "other"> = {};
  for (const name of ["run", "onSuccess", "onFailure", "onRetry"]) {
    const member = (handler as Readonly<Record<string, unknown>>)[name];
    if (member !== undefined) members[name] = typeof member === "function" ? "function" : "other";
  }
  return members;
}
