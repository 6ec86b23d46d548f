import { ts } from "ts-morph";
import type { Link, LinkKind, Unresolved, UsagePlace, Use, UseKind } from "../index.ts";
import type { KnownTask } from "./generated-contract.ts";
import { isFollowed, isValue, nameNode, outermost, ways, whyLost } from "./mentions.ts";
import { inner, literals, type Resolver } from "./resolver.ts";
import { ofTasks, Signatures, type Parts } from "./signatures.ts";

/** Collects what one file does with tasks. */
export class Collector {
  readonly uses: Use[] = [];
  readonly links: Link[] = [];
  readonly unresolved: Unresolved[] = [];
  readonly #resolver: Resolver;
  readonly #signatures: Signatures;
  readonly #placeOf: (node: ts.Node) => UsagePlace;

  constructor(resolver: Resolver, placeOf: (node: ts.Node) => UsagePlace) {
    this.#resolver = resolver;
    this.#signatures = new Signatures(resolver);
    this.#placeOf = placeOf;
  }

  readonly visit = (node: ts.Node): void => {
    // Types use nothing, and an import only says where a name comes from.
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return;
    if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isImportDeclaration(node)) return;
    if (ts.isCallExpression(node)) this.#call(node);
    if (ts.isIdentifier(node) || ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) this.#mention(node);
    ts.forEachChild(node, this.visit);
  };

  #call(call: ts.CallExpression): void {
    const callee = inner(call.expression);
    for (const { task } of this.#resolver.stubs(callee)) this.#use("call", task, callee);
    if (ts.isPropertyAccessExpression(callee)) this.#method(call, callee);
    const [first, second] = call.arguments;
    switch (this.#resolver.ligatureFunction(callee)) {
      case "worker":
      case "startTestService":
        if (first !== undefined) this.#handles(first);
        break;
      case "sendTask":
        if (first !== undefined) this.#sendTask(first, call.arguments[2]);
        break;
      case "chain":
        this.#steps(call);
        break;
      case "chord":
        if (first !== undefined && second !== undefined) {
          this.#link("chord", this.#signatures.header(first), (parts) => parts.last, second);
        }
        break;
      case "map":
      case "starmap":
      case "chunks":
        if (first !== undefined) this.#batch(first, this.#resolver.ligatureFunction(callee) as UseKind);
        break;
      case undefined:
    }
  }

  /** `remote.task.delay(…)`, `contract.task.s(…)`, `signature.link(…)` */
  #method(call: ts.CallExpression, callee: ts.PropertyAccessExpression): void {
    const { name, expression: owner } = callee;
    const [first, second] = call.arguments;
    if (ways.has(name.text)) {
      const stubs = this.#resolver.stubs(owner).map(({ task }) => task);
      for (const task of stubs) this.#use(name.text as UseKind, task, owner);
      if (name.text === "applyAsync" && stubs.length > 0) this.#options(stubs, second);
    } else if (name.text === "s" || name.text === "si") {
      for (const { role, task } of this.#resolver.members(owner)) if (role === "task") this.#use(name.text, task, owner);
    } else if (["link", "linkError", "pipe"].includes(name.text) && first !== undefined) {
      const method = this.#resolver.ligatureFunction(callee);
      if (method === "link") this.#link("link", this.#signatures.of(owner), (parts) => parts.last, first);
      if (method === "linkError") this.#link("linkError", this.#signatures.of(owner), (parts) => parts.failing, first);
      if (method === "pipe") this.#link("chain", this.#signatures.of(owner), (parts) => parts.last, first);
    }
  }

  #batch(task: ts.Expression, kind: UseKind): void {
    for (const member of this.#resolver.members(task)) this.#use(kind, member.task, task);
  }

  #steps(call: ts.CallExpression): void {
    const steps = this.#signatures.arguments(call);
    if (steps === undefined) return this.#unclear(call, "the steps of this chain are listed elsewhere");
    for (const [index, step] of steps.entries()) {
      const before = steps[index - 1];
      if (before !== undefined) this.#link("chain", this.#signatures.of(before), (parts) => parts.last, step);
    }
  }

  #sendTask(name: ts.Expression, options: ts.Expression | undefined): void {
    const names = literals(this.#resolver.checker.getTypeAtLocation(name)) ?? [];
    if (names.length === 0) return this.#unclear(name, "the task's name is worked out when the program runs");
    const known = this.#resolver.contracts.all().flatMap(({ tasks }) => [...tasks.values()]);
    for (const each of names) {
      const task = known.find((one) => one.name === each);
      if (task === undefined) {
        this.#unclear(name, `"${each}" is no task of the contract packages that are imported`);
        continue;
      }
      this.#use("sendTask", task, name);
      this.#options([task], options);
    }
  }

  /** The callbacks in `{ link, linkError }`. */
  #options(parents: readonly KnownTask[], options: ts.Expression | undefined): void {
    if (options === undefined) return;
    const parts = ofTasks(parents);
    const object = this.#objectOf(options);
    if (object === undefined) return this.#hidden(parents, options);
    for (const property of object.properties) {
      if (ts.isSpreadAssignment(property)) this.#options(parents, property.expression);
      if (!ts.isPropertyAssignment(property) && !ts.isShorthandPropertyAssignment(property)) continue;
      const kind = property.name.getText();
      if (kind !== "link" && kind !== "linkError") continue;
      const value = ts.isPropertyAssignment(property) ? property.initializer : property.name;
      for (const each of this.#signatures.oneOrMore(value)) this.#link(kind, parts, () => parents, each);
    }
  }

  /** Options that are made elsewhere, if they may hold callbacks. */
  #hidden(parents: readonly KnownTask[], options: ts.Expression): void {
    const type = this.#resolver.checker.getTypeAtLocation(options);
    const mayLink = (type.flags & ts.TypeFlags.Any) !== 0 || ["link", "linkError"].some((name) => type.getProperty(name));
    if (!mayLink) return;
    for (const task of parents) this.#unclear(options, "its options are made elsewhere, and may link callbacks", task);
  }

  #objectOf(node: ts.Expression): ts.ObjectLiteralExpression | undefined {
    const expression = inner(node);
    if (ts.isObjectLiteralExpression(expression)) return expression;
    const [value, ...others] = this.#resolver.symbols(expression).flatMap((each) => this.#resolver.initializers(each));
    const found = value === undefined || others.length > 0 ? undefined : inner(value);
    return found !== undefined && ts.isObjectLiteralExpression(found) ? found : undefined;
  }

  #handles(contract: ts.Expression): void {
    const type = this.#resolver.checker.getTypeAtLocation(contract);
    const found = this.#generatedOf(type);
    if (found === undefined) return this.#unclear(contract, "which contract is served is decided elsewhere");
    for (const task of found.tasks.values()) this.#use("handle", task, contract);
  }

  /** A task as a value: where it is called through that, its call is seen there, unless it goes out of sight. */
  #mention(node: ts.Identifier | ts.PropertyAccessExpression | ts.ElementAccessExpression): void {
    const { parent } = node;
    if (ts.isIdentifier(node) && !isValue(node)) return;
    const members = this.#resolver.members(node);
    if (members.length > 0) {
      const outer = outermost(node);
      if (!isFollowed(outer, members) && !this.#isBatch(outer))
        for (const { task } of members) this.#unclear(node, whyLost(outer), task);
    } else if (ts.isElementAccessExpression(node)) {
      const found = this.#generatedOf(this.#resolver.checker.getTypeAtLocation(node.expression));
      if (found !== undefined) this.#unclear(node, "which task it is, is worked out when the program runs", found.contract);
    } else if (ts.isCallExpression(parent) && parent.arguments.includes(node)) {
      const found = this.#generatedOf(this.#resolver.checker.getTypeAtLocation(node));
      const target = this.#resolver.checker.getContextualType(node);
      const isUntyped = target !== undefined && (target.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0;
      if (found !== undefined && isUntyped)
        this.#unclear(node, "all its tasks are passed on without their types", found.contract);
    }
  }

  /** `map(contract.task, …)` */
  #isBatch(node: ts.Expression): boolean {
    const { parent } = node;
    if (!ts.isCallExpression(parent) || parent.arguments[0] !== node) return false;
    return ["map", "starmap", "chunks"].includes(this.#resolver.ligatureFunction(parent.expression) ?? "");
  }

  #generatedOf(type: ts.Type): { readonly contract: string; readonly tasks: ReadonlyMap<string, KnownTask> } | undefined {
    return this.#resolver.contracts.ofInterface((type as { readonly symbol?: ts.Symbol }).symbol?.declarations?.[0])?.generated;
  }

  #link(as: LinkKind, parent: Parts, endsOf: (parts: Parts) => readonly KnownTask[], callback: ts.Expression): void {
    const kind = parent.isGroup && as !== "linkError" ? "chord" : as;
    const { first, isComplete } = this.#signatures.of(callback);
    const parents = endsOf(parent);
    if (!isComplete) {
      const [task] = parents;
      this.#unclear(callback, `what is linked here (${kind}) is made elsewhere`, task);
    }
    const names = [...parents.map(({ name }) => name), ...(parent.isComplete && parents.length > 0 ? [] : [null])];
    for (const { name } of first) {
      for (const each of names) this.links.push({ kind, parent: each, callback: name, ...this.#placeOf(callback) });
    }
  }

  #use(kind: UseKind, { contract, name }: KnownTask, node: ts.Expression): void {
    this.uses.push({ contract, task: name, kind, ...this.#placeOf(nameNode(node)) });
  }

  #unclear(node: ts.Node, why: string, what?: KnownTask | string): void {
    const known = typeof what === "string" ? { contract: what } : what && { contract: what.contract, task: what.name };
    this.unresolved.push({ why, ...known, ...this.#placeOf(node) });
  }
}
