import type { PropNode, TypeNode } from "../model/type-node.ts";
import { isIdentifier, type Plan } from "../plan/index.ts";
import { mapped, type Part } from "./code.ts";
import { docComment } from "./doc-comment.ts";

/** How tightly a piece of type syntax binds; what binds looser than its surroundings needs parentheses. */
const binding = { union: 1, intersection: 2, operator: 3, postfix: 4 } as const;

/** Prints types as TypeScript, with the names that were planned. */
export class TypePrinter {
  readonly #plan: Plan;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /** @param indent of the line that the type begins on */
  print(type: TypeNode, indent = "", around = 0): readonly Part[] {
    const own = bindingOf(type);
    const parts = this.#bare(type, indent);
    return own < around ? ["(", ...parts, ")"] : parts;
  }

  /** The members of an object type, each on its own line. */
  members(props: readonly PropNode[], indent: string, readonly = false): readonly Part[] {
    return props.flatMap((prop): readonly Part[] => [
      docComment(this.#plan.doc(prop.doc, "elsewhere"), indent),
      indent,
      ...this.#member(prop, indent, readonly),
      ";\n",
    ]);
  }

  #bare(type: TypeNode, indent: string): readonly Part[] {
    switch (type.kind) {
      case "keyword":
        return [type.name === "nan" ? "number" : type.name];
      case "literal":
        return [type.text];
      case "named":
        return [this.#plan.nameOf(type.id, type.side)];
      case "global":
        return [
          this.#plan.global(type.name),
          ...(type.args.length > 0 ? ["<", ...this.#list(type.args, ", ", indent), ">"] : []),
        ];
      case "imported":
        return [
          this.#plan.imported(type.from, type.name),
          ...(type.args.length > 0 ? ["<", ...this.#list(type.args, ", ", indent), ">"] : []),
        ];
      case "asserted":
        return this.#bare(type.type, indent);
      case "object":
        return this.#object(type, indent);
      case "array":
        return [type.readonly === true ? "readonly " : "", ...this.print(type.element, indent, binding.postfix), "[]"];
      case "tuple":
        return this.#tuple(type, indent);
      case "record":
        return this.#record(type, indent);
      case "union":
        return this.#list(type.members, " | ", indent, binding.intersection);
      case "intersection":
        return this.#list(type.members, " & ", indent, binding.operator);
      case "template":
        return [
          "`",
          ...type.parts.flatMap((part) => (typeof part === "string" ? [escaped(part)] : ["${", ...this.print(part), "}"])),
          "`",
        ];
    }
  }

  #object({ props, readonly = false }: TypeNode & { kind: "object" }, indent: string): readonly Part[] {
    if (props.length === 0) return ["{}"];
    if (props.some(({ doc }) => doc !== undefined)) return ["{\n", ...this.members(props, `${indent}  `, readonly), indent, "}"];
    return ["{ ", ...props.flatMap((prop, index) => [index > 0 ? "; " : "", ...this.#member(prop, indent, readonly)]), " }"];
  }

  #member({ key, optional, type, origin, readonly = false }: PropNode, indent: string, all: boolean): readonly Part[] {
    const name = isIdentifier(key) ? key : JSON.stringify(key);
    return [all || readonly ? "readonly " : "", mapped(name, origin), optional ? "?: " : ": ", ...this.print(type, indent)];
  }

  #tuple({ items, rest, readonly }: TypeNode & { kind: "tuple" }, indent: string): readonly Part[] {
    const elements = items.map(({ type, optional }): readonly Part[] =>
      optional ? [...this.print(type, indent, binding.postfix), "?"] : this.print(type, indent),
    );
    if (rest !== undefined) elements.push(["...", ...this.print(rest, indent, binding.postfix), "[]"]);
    const separated = elements.flatMap((element, index) => (index > 0 ? [", ", ...element] : element));
    return [readonly === true ? "readonly " : "", "[", ...separated, "]"];
  }

  #record({ key, value, optional, readonly }: TypeNode & { kind: "record" }, indent: string): readonly Part[] {
    const modifier = readonly === true ? "readonly " : "";
    const isWhole = key.kind === "keyword" && (key.name === "string" || key.name === "number");
    const keys = isWhole ? [`[key: ${key.name}]`] : ["[K in ", ...this.print(key, indent), "]"];
    return ["{ ", modifier, ...keys, optional ? "?: " : ": ", ...this.print(value, indent), " }"];
  }

  #list(types: readonly TypeNode[], separator: string, indent: string, around = 0): readonly Part[] {
    return types.flatMap((type, index) => [index > 0 ? separator : "", ...this.print(type, indent, around)]);
  }
}

function bindingOf(type: TypeNode): number {
  if (type.kind === "asserted") return bindingOf(type.type);
  if (type.kind === "union") return binding.union;
  if (type.kind === "intersection") return binding.intersection;
  if ((type.kind === "array" || type.kind === "tuple") && type.readonly === true) return binding.operator;
  return binding.postfix;
}

function escaped(text: string): string {
  return text.replaceAll(/[`\\]|\$\{/g, "\\$&").replaceAll("\r", "\\r");
}
