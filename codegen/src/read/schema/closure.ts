import { Session } from "node:inspector";

/**
 * What a function sees besides its arguments. A contract's functions can't be told apart by their texts alone:
 * `(value) => value <= limit` is another refinement with another limit, and zod itself hides what it was given in
 * functions of its own. V8 tells it to debuggers, in the same thread, and at once.
 */
export function closureOf(fn: (...args: never[]) => unknown, names: ReadonlySet<string>): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>();
  if (names.size === 0) return found;
  const session = connected();
  try {
    const ask = (method: string, params: object): Answer => {
      let answer: Answer | undefined;
      session.post(method, params, (error: Error | null, result?: object) => {
        if (error === null) answer = result as Answer;
      });
      return answer ?? {};
    };
    hold.value = fn;
    const { result: own } = ask("Runtime.evaluate", {
      expression: `globalThis[Symbol.for(${JSON.stringify(holdName)})].value`,
      objectGroup,
    });
    const { internalProperties = [] } = ask("Runtime.getProperties", { objectId: idOf(own), ownProperties: true });
    const scopes = internalProperties.find(({ name }) => name === "[[Scopes]]")?.value?.objectId;
    if (scopes === undefined) return found;
    const { result: list } = ask("Runtime.getProperties", { objectId: scopes, ownProperties: true });
    // Inner scopes come first, and hide what outer ones have under the same name.
    for (const { value } of Array.isArray(list) ? list : []) {
      if (value?.objectId === undefined || value.description?.startsWith("Global") === true) continue;
      const { result: variables } = ask("Runtime.getProperties", { objectId: value.objectId, ownProperties: true });
      for (const { name, value: variable } of Array.isArray(variables) ? variables : []) {
        if (!names.has(name) || found.has(name) || variable === undefined) continue;
        if (variable.objectId === undefined) found.set(name, primitiveOf(variable));
        else {
          ask("Runtime.callFunctionOn", {
            objectId: variable.objectId,
            functionDeclaration: `function () { globalThis[Symbol.for(${JSON.stringify(holdName)})].value = this; }`,
          });
          found.set(name, hold.value);
        }
      }
    }
    return found;
  } finally {
    hold.value = undefined;
    session.post("Runtime.releaseObjectGroup", { objectGroup });
  }
}

let known: Session | undefined;

/** One for all: connecting takes longer than asking. */
function connected(): Session {
  if (known !== undefined) return known;
  known = new Session();
  known.connect();
  return known;
}

const objectGroup = "ligature";

interface Property {
  readonly name: string;
  readonly value?: Remote;
}

interface Remote {
  readonly objectId?: string;
  readonly description?: string;
  readonly value?: unknown;
  /** Of a bigint, NaN, an infinity and -0. */
  readonly unserializableValue?: string;
}

function primitiveOf({ value, unserializableValue }: Remote): unknown {
  if (unserializableValue === undefined) return value;
  return unserializableValue.endsWith("n") ? BigInt(unserializableValue.slice(0, -1)) : Number(unserializableValue);
}

interface Answer {
  readonly result?: { readonly objectId?: string } | readonly Property[];
  readonly internalProperties?: readonly Property[];
}

function idOf(result: Answer["result"]): string | undefined {
  return result !== undefined && "objectId" in result ? result.objectId : undefined;
}

/** The debugger hands values over by reference only within its own world; both worlds see the global object. */
const holdName = "ligature.closure";
const hold: { value: unknown } = { value: undefined };
Object.defineProperty(globalThis, Symbol.for(holdName), { value: hold, configurable: true });
