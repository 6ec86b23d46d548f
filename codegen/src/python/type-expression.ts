/** A type as Python writes it: a name, or a generic with its arguments. */
export type PythonType =
  | { readonly kind: "name"; readonly name: string; /** Declared in the module, not imported. */ readonly own?: boolean }
  | { readonly kind: "literal"; readonly values: readonly string[] }
  | { readonly kind: "generic"; readonly name: string; readonly args: readonly PythonType[] };

export function named(name: string): PythonType {
  return { kind: "name", name };
}

export function generic(name: string, ...args: readonly PythonType[]): PythonType {
  return { kind: "generic", name, args };
}

export const none: PythonType = named("None");
/** Any value; unlike `Any` it lets nobody do with it what might not be possible. */
export const anything: PythonType = named("object");

/** A union: flat, without repetitions, its literals in one, `None` said with Optional. */
export function union(members: readonly PythonType[]): PythonType {
  const parts = new Map<string, PythonType>();
  const literals = new Set<string>();
  for (const part of members.flatMap(alternatives)) {
    if (part.kind === "literal") for (const value of part.values) literals.add(value);
    else parts.set(inline(part), part);
  }
  if (parts.has("object")) return anything;
  const nullable = parts.delete("None");
  const all = [...(literals.size > 0 ? [{ kind: "literal", values: [...literals] } as const] : []), ...parts.values()].filter(
    (part, _, { length }) => length === 1 || inline(part) !== "NoReturn",
  );
  const [first, ...others] = all;
  if (first === undefined) return nullable ? none : named("NoReturn");
  const type = others.length === 0 ? first : generic("Union", ...all);
  return nullable ? generic("Optional", type) : type;
}

function alternatives(type: PythonType): readonly PythonType[] {
  if (type.kind !== "generic") return [type];
  if (type.name === "Union") return type.args.flatMap(alternatives);
  return type.name === "Optional" ? [...type.args.flatMap(alternatives), none] : [type];
}

/** On one line. `quoted`: names that the module declares in quotes, for where they are evaluated before they exist. */
export function inline(type: PythonType, quoted = false): string {
  switch (type.kind) {
    case "name":
      return quoted && type.own === true ? `"${type.name}"` : type.name;
    case "literal":
      return `Literal[${type.values.join(", ")}]`;
    case "generic":
      return `${type.name}[${type.args.map((arg) => inline(arg, quoted)).join(", ")}]`;
  }
}

/** Lines longer than this are broken; what Black does. */
export const width = 88;

/**
 * On as many lines as it takes.
 * @param indent of the line that it stands on
 * @param used characters in front of it on that line, and behind it
 */
export function layout(type: PythonType, indent: string, used: number, quoted = false): string {
  const line = inline(type, quoted);
  if (type.kind === "name" || used + line.length <= width) return line;
  const inner = `${indent}    `;
  const [name, args] =
    type.kind === "literal"
      ? ["Literal", type.values]
      : [type.name, type.args.map((arg) => layout(arg, inner, inner.length + 1, quoted))];
  // With a comma behind it, a single argument would be a tuple when it is evaluated.
  const end = args.length > 1 ? "," : "";
  return `${name}[\n${args.map((arg) => `${inner}${arg}`).join(",\n")}${end}\n${indent}]`;
}

/** Every name in a type. */
export function namesIn(type: PythonType): readonly string[] {
  switch (type.kind) {
    case "name":
      return [type.name];
    case "literal":
      return ["Literal"];
    case "generic":
      return [type.name, ...type.args.flatMap(namesIn)];
  }
}
