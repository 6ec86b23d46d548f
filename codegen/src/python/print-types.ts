import { canNameField } from "./names.ts";
import { pythonString } from "./python-literals.ts";
import type { Declaration, Field, TypedDict } from "./schema-types.ts";
import { annotated, comment, docstring, indent } from "./python-text.ts";
import { inline, layout } from "./type-expression.ts";

/** Declared types, in an order in which Python can evaluate them. */
export function printTypes(declarations: readonly Declaration[]): readonly string[] {
  return inOrder(declarations).map((each) => {
    if (each.kind === "dict") return printTypedDict(each);
    const { name, type, doc } = each;
    // In quotes what may come later. A name alone would be a string then, so those have to come last.
    const quoted = type.kind !== "name";
    return `${comment(doc, "")}${name} = ${layout(type, "", name.length + 3, quoted)}\n`;
  });
}

/** Types that are nothing but another name come behind what they name. */
function inOrder(declarations: readonly Declaration[]): readonly Declaration[] {
  const isRename = (each: Declaration): boolean => each.kind === "alias" && each.type.kind === "name" && each.type.own === true;
  const ordered = declarations.filter((each) => !isRename(each));
  const waiting = declarations.filter(isRename);
  while (waiting.length > 0) {
    const names = new Set(waiting.map(({ name }) => name));
    const next = waiting.findIndex((each) => each.kind === "alias" && !(each.type.kind === "name" && names.has(each.type.name)));
    ordered.push(...waiting.splice(Math.max(next, 0), 1));
  }
  return ordered;
}

/** Keys that may be missing need a class of their own: `NotRequired` came with Python 3.11. */
function printTypedDict({ name, doc, fields }: TypedDict): string {
  const required = fields.filter((field) => field.required);
  const optional = fields.filter((field) => !field.required);
  const all = fields.every((field) => canNameField(field.name));
  if (all && optional.length === 0) return `class ${name}(TypedDict):\n${body(required, doc)}`;
  if (all && required.length === 0) return `class ${name}(TypedDict, total=False):\n${body(optional, doc)}`;
  const bases: string[] = [];
  const before: string[] = [];
  for (const [part, total, suffix] of [
    [required, true, "Required"],
    [optional, false, "Optional"],
  ] as const) {
    const isLast = part === optional;
    const byClass = part.every((field) => canNameField(field.name));
    if (part.length === 0 || (isLast && byClass)) continue;
    const base = `_${name}${suffix}`;
    bases.push(base);
    before.push(byClass ? `class ${base}(TypedDict):\n${body(part, undefined)}` : functional(base, part, total));
  }
  const own = optional.every((field) => canNameField(field.name)) ? optional : [];
  const text = own.length > 0 || doc !== undefined ? body(own, doc) : `${indent}pass\n`;
  const total = own.length > 0 ? ", total=False" : "";
  return [...before, `class ${name}(${bases.join(", ")}${total}):\n${text}`].join("\n\n");
}

function body(fields: readonly Field[], doc: string | undefined): string {
  const lines = fields.map((field) => comment(field.doc, indent) + annotated(field.name, field.type, indent));
  const head = doc === undefined ? "" : `${docstring(doc, indent)}${lines.length > 0 ? "\n" : ""}`;
  return head + lines.join("");
}

/** The form for keys that no class can have as attributes; evaluated at once, hence the quotes. */
function functional(name: string, fields: readonly Field[], total: boolean): string {
  const inner = indent + indent;
  const lines = fields.map((field) => {
    return `${comment(field.doc, inner)}${inner}${pythonString(field.name)}: ${pythonString(inline(field.type))},\n`;
  });
  return `${name} = TypedDict(\n${indent}"${name}",\n${indent}{\n${lines.join("")}${indent}},\n${total ? "" : `${indent}total=False,\n`})\n`;
}
