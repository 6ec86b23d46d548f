import { ts } from "ts-morph";
import type { KnownTask } from "./generated-contract.ts";
import { inner, type Resolver } from "./resolver.ts";

/** The tasks in a signature, or in what is made of several. */
export interface Parts {
  /** Those that start, and get a parent's result. */
  readonly first: readonly KnownTask[];
  /** Those whose end is its end. */
  readonly last: readonly KnownTask[];
  /** Those whose failure is its failure: they get its error callbacks. */
  readonly failing: readonly KnownTask[];
  /** Several that run side by side: what is linked behind them waits for all. */
  readonly isGroup: boolean;
  /** Whether nothing more can be in it. */
  readonly isComplete: boolean;
}

const nothing: Parts = ofTasks([]);
const unknown: Parts = { ...nothing, isComplete: false };

const deepest = 20;

/** Says which tasks an expression's signature consists of. */
export class Signatures {
  readonly #resolver: Resolver;
  /** What is being looked at: a name may be assigned what is made of it. */
  readonly #under = new Set<ts.Expression>();

  constructor(resolver: Resolver) {
    this.#resolver = resolver;
  }

  of(node: ts.Expression): Parts {
    const expression = inner(node);
    if (this.#under.has(expression)) return nothing;
    if (this.#under.size > deepest) return unknown;
    this.#under.add(expression);
    try {
      return this.#parts(expression);
    } finally {
      this.#under.delete(expression);
    }
  }

  /** The expressions in a list, as far as the source shows them; undefined when it doesn't. */
  items(node: ts.Expression): readonly ts.Expression[] | undefined {
    const expression = inner(node);
    if (ts.isArrayLiteralExpression(expression)) {
      const items = expression.elements.map((each) => (ts.isSpreadElement(each) ? this.items(each.expression) : [each]));
      return items.includes(undefined) ? undefined : items.flatMap((each) => each ?? []);
    }
    if (ts.isCallExpression(expression)) {
      const [make] = expression.arguments;
      const isMap = ts.isPropertyAccessExpression(expression.expression) && expression.expression.name.text === "map";
      return isMap && make !== undefined && isFunction(make) ? returned(make) : undefined;
    }
    if (!ts.isIdentifier(expression)) return undefined;
    const [value, ...others] = this.#resolver.symbols(expression).flatMap((each) => this.#resolver.initializers(each));
    return value === undefined || others.length > 0 || inner(value) === expression ? undefined : this.items(value);
  }

  /** One signature, a list of them, or none. */
  oneOrMore(node: ts.Expression): readonly ts.Expression[] {
    return this.items(node) ?? [node];
  }

  #parts(expression: ts.Expression): Parts {
    if (ts.isConditionalExpression(expression))
      return either([expression.whenTrue, expression.whenFalse].map((each) => this.of(each)));
    if (ts.isBinaryExpression(expression)) {
      const { kind } = expression.operatorToken;
      if (kind === ts.SyntaxKind.AmpersandAmpersandToken) return this.of(expression.right);
      if (kind === ts.SyntaxKind.BarBarToken || kind === ts.SyntaxKind.QuestionQuestionToken) {
        return either([this.of(expression.left), this.of(expression.right)]);
      }
      return unknown;
    }
    if (expression.kind === ts.SyntaxKind.NullKeyword || (ts.isIdentifier(expression) && expression.text === "undefined"))
      return nothing;
    if (ts.isCallExpression(expression)) return this.#call(expression);
    return this.#anyOf(this.#resolver.symbols(expression).flatMap((each) => this.#resolver.initializers(each)));
  }

  #call(call: ts.CallExpression): Parts {
    const callee = inner(call.expression);
    const owner = ts.isPropertyAccessExpression(callee) ? callee.expression : undefined;
    if (owner !== undefined && ["s", "si"].includes((callee as ts.PropertyAccessExpression).name.text)) {
      const tasks = this.#resolver.members(owner).flatMap(({ role, task }) => (role === "task" ? [task] : []));
      if (tasks.length > 0) return ofTasks(tasks);
    }
    const [first, second] = call.arguments;
    switch (this.#resolver.ligatureFunction(callee)) {
      case "set":
      case "linkError":
        return owner === undefined ? unknown : this.of(owner);
      case "link": {
        const parts = owner === undefined ? unknown : this.of(owner);
        return parts.isGroup && first !== undefined ? oneAfterTheOther([parts, this.of(first)]) : parts;
      }
      case "pipe":
        return owner === undefined || first === undefined ? unknown : oneAfterTheOther([this.of(owner), this.of(first)]);
      case "chain":
        return oneAfterTheOther(this.#list(call));
      case "group":
        return together(this.#list(call));
      case "chord":
        return first === undefined || second === undefined ? unknown : oneAfterTheOther([this.header(first), this.of(second)]);
      case "map":
      case "starmap":
        return first === undefined ? unknown : this.#batch(first);
      case "chunks":
        return first === undefined ? unknown : { ...this.#batch(first), isGroup: true };
      case undefined:
    }
    const { declaration } = this.#resolver.checker.getResolvedSignature(call) ?? {};
    return declaration !== undefined && isFunction(declaration) ? this.#anyOf(returned(declaration)) : unknown;
  }

  #batch(task: ts.Expression): Parts {
    const tasks = this.#resolver.members(task).map((member) => member.task);
    return tasks.length === 0 ? unknown : ofTasks(tasks);
  }

  /** What a chord waits for: a list, or a group. */
  header(node: ts.Expression): Parts {
    const items = this.items(node);
    return together(items === undefined ? [this.of(node)] : items.map((each) => this.of(each)));
  }

  #list(call: ts.CallExpression): readonly Parts[] {
    const items = this.arguments(call);
    return items === undefined ? [unknown] : items.map((each) => this.of(each));
  }

  /** The signatures that `chain` or `group` is called with: one by one, spread, or as a list. */
  arguments(call: ts.CallExpression): readonly ts.Expression[] | undefined {
    const [only, ...others] = call.arguments;
    if (only !== undefined && others.length === 0 && !ts.isSpreadElement(only)) return this.oneOrMore(only);
    const items = call.arguments.map((each) => (ts.isSpreadElement(each) ? this.items(each.expression) : [each]));
    return items.includes(undefined) ? undefined : items.flatMap((each) => each ?? []);
  }

  #anyOf(expressions: readonly ts.Expression[]): Parts {
    return expressions.length === 0 ? unknown : either(expressions.map((each) => this.of(each)));
  }
}

export function ofTasks(tasks: readonly KnownTask[]): Parts {
  return { first: tasks, last: tasks, failing: tasks, isGroup: false, isComplete: true };
}

function either(parts: readonly Parts[]): Parts {
  return {
    first: unique(parts.flatMap(({ first }) => first)),
    last: unique(parts.flatMap(({ last }) => last)),
    failing: unique(parts.flatMap(({ failing }) => failing)),
    isGroup: parts.some(({ isGroup }) => isGroup),
    isComplete: parts.every(({ isComplete }) => isComplete),
  };
}

function together(parts: readonly Parts[]): Parts {
  return { ...either(parts), isGroup: true };
}

function oneAfterTheOther(parts: readonly Parts[]): Parts {
  const last = parts.at(-1);
  // If one of a group fails that something waits for, that fails: it tells of it.
  const failing = parts.filter((part) => part === last || !part.isGroup).flatMap((part) => part.failing);
  return {
    ...either(parts),
    first: parts[0]?.first ?? [],
    last: last?.last ?? [],
    failing: unique(failing),
    isGroup: last?.isGroup ?? false,
  };
}

function unique(tasks: readonly KnownTask[]): readonly KnownTask[] {
  return [...new Map(tasks.map((task) => [task.name, task])).values()];
}

type FunctionWithBody = ts.FunctionDeclaration | ts.FunctionExpression | ts.ArrowFunction | ts.MethodDeclaration;

function isFunction(node: ts.Node): node is FunctionWithBody {
  return (
    ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node) || ts.isArrowFunction(node) || ts.isMethodDeclaration(node)
  );
}

/** What a function returns; not what functions inside of it do. */
function returned({ body }: FunctionWithBody): readonly ts.Expression[] {
  if (body === undefined) return [];
  if (!ts.isBlock(body)) return [body];
  const found: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (isFunction(node)) return;
    if (ts.isReturnStatement(node) && node.expression !== undefined) found.push(node.expression);
    ts.forEachChild(node, visit);
  };
  visit(body);
  return found;
}
