import { ts } from "ts-morph";
import type { Sources } from "./parse.ts";

/** One step into a contract or a schema: a property's name, or what zod calls a part. */
export type Step = { readonly prop: string } | { readonly part: "inner" | "element" | "key" | "value" | "in" | "out" | number };

/**
 * The expression one step further in: `params` of `task({ params: … })`, `path` of `z.object({ path: … })`,
 * the element of `z.array(…)`. It follows local names, imports of local modules, and method chains; where
 * the source builds its schema in a way that can't be followed, the answer is undefined and the caller
 * stays at the place it had.
 */
export function stepInto(sources: Sources, node: ts.Node, step: Step): ts.Node | undefined {
  return "prop" in step ? property(sources, node, step.prop, 0) : part(sources, node, step.part, 0);
}

/** The expression behind a property or a variable: what its name stands for. */
export function valueOf(node: ts.Node): ts.Expression | undefined {
  if (ts.isPropertyAssignment(node)) return node.initializer;
  if (ts.isShorthandPropertyAssignment(node)) return node.name;
  if (ts.isVariableDeclaration(node)) return node.initializer;
  if (ts.isGetAccessorDeclaration(node)) {
    const statement = node.body?.statements.find((each) => ts.isReturnStatement(each));
    return statement !== undefined && ts.isReturnStatement(statement) ? statement.expression : undefined;
  }
  return ts.isExpression(node) ? node : undefined;
}

/** How many names and calls are followed before the source counts as unreadable; ends circles too. */
const deepest = 50;

/** The property (or getter) of that name in the object that an expression makes. */
function property(sources: Sources, node: ts.Node, name: string, depth: number): ts.Node | undefined {
  if (depth > deepest) return undefined;
  const expression = resolve(sources, node);
  if (expression === undefined) return undefined;
  if (ts.isObjectLiteralExpression(expression)) {
    for (const each of [...expression.properties].reverse()) {
      if (ts.isSpreadAssignment(each)) {
        const found = property(sources, each.expression, name, depth + 1);
        if (found !== undefined) return found;
      } else if (each.name !== undefined && nameOf(each.name) === name) return each;
    }
    return undefined;
  }
  // `Base.shape` holds Base's properties.
  if (ts.isPropertyAccessExpression(expression)) return property(sources, expression.expression, name, depth + 1);
  if (!ts.isCallExpression(expression)) return undefined;
  // In a chain, what comes later overrides: first the arguments (`z.object({…})`, `.extend({…})`, `task({…})`),
  // then the object that the method was called on.
  for (const argument of expression.arguments) {
    const found = ts.isArrowFunction(argument)
      ? property(sources, bodyOf(argument) ?? argument, name, depth + 1)
      : property(sources, argument, name, depth + 1);
    if (found !== undefined) return found;
  }
  return ts.isPropertyAccessExpression(expression.expression)
    ? property(sources, expression.expression.expression, name, depth + 1)
    : undefined;
}

/** Functions of zod that take the schema they wrap as an argument, and methods that wrap the one before the dot. */
const wrappers = new Set([
  "_default", "array", "catch", "default", "describe", "exactOptional", "lazy", "map", "meta", "nonoptional", "nullable",
  "nullish", "optional", "partialRecord", "pipe", "prefault", "promise", "readonly", "record", "set", "success",
]); // prettier-ignore

/** Functions and methods that put one schema, or a function, behind another. */
const pipes = new Set(["codec", "pipe", "preprocess", "transform"]);

function part(
  sources: Sources,
  node: ts.Node,
  wanted: Exclude<Step, { prop: string }>["part"],
  depth: number,
): ts.Node | undefined {
  if (depth > deepest) return undefined;
  const expression = resolve(sources, node);
  if (expression === undefined || !ts.isCallExpression(expression)) return undefined;
  const callee = expression.expression;
  if (!ts.isPropertyAccessExpression(callee)) return undefined;
  const method = callee.name.text;
  const [first, second] = expression.arguments;
  const isFunctionOfZod =
    first !== undefined &&
    ts.isIdentifier(callee.expression) &&
    sources.declaration(callee.expression.text, callee.getSourceFile()) === undefined;
  if (typeof wanted === "number") {
    if (method === "or" || method === "and") return wanted === 0 ? callee.expression : first;
    const list = [first, second].find((each) => each !== undefined && ts.isArrayLiteralExpression(each));
    if (list !== undefined && ts.isArrayLiteralExpression(list)) return list.elements[wanted];
    if (isFunctionOfZod && method === "intersection") return expression.arguments[wanted];
  } else if (wanted === "in" || wanted === "out") {
    if (pipes.has(method)) {
      const [left, right] = isFunctionOfZod && method !== "transform" ? [first, second] : [callee.expression, first];
      return wanted === "in" ? left : right;
    }
  } else if (isFunctionOfZod) {
    if (!wrappers.has(method)) return undefined;
    if (ts.isArrowFunction(first)) return bodyOf(first);
    if (wanted === "key") return first;
    return wanted === "value" ? (second ?? first) : first;
  } else if (wanted === "inner" || (wanted === "element" && method === "array")) {
    if (wrappers.has(method)) return callee.expression;
  }
  // Any other method (`.min(1)`, `.refine(…)`) leaves the parts as they were.
  return isFunctionOfZod ? undefined : part(sources, callee.expression, wanted, depth + 1);
}

/** Follows names and parentheses to the expression that makes the value. */
export function resolve(
  sources: Sources,
  node: ts.Node,
  onWay: (each: ts.Expression) => void = () => {},
): ts.Expression | undefined {
  let current = valueOf(node);
  for (let hops = 0; current !== undefined && hops < deepest; hops++) {
    onWay(current);
    if (
      ts.isParenthesizedExpression(current) ||
      ts.isAsExpression(current) ||
      ts.isTypeAssertionExpression(current) ||
      ts.isSatisfiesExpression(current)
    ) {
      current = current.expression;
    } else if (ts.isIdentifier(current)) {
      const declared = sources.declaration(current.text, current.getSourceFile());
      current = declared === undefined ? undefined : valueOf(declared);
    } else return current;
  }
  return undefined;
}

function bodyOf(arrow: ts.ArrowFunction): ts.Expression | undefined {
  if (!ts.isBlock(arrow.body)) return arrow.body;
  const statement = arrow.body.statements.find((each) => ts.isReturnStatement(each));
  return statement !== undefined && ts.isReturnStatement(statement) ? statement.expression : undefined;
}

/** The name that a property declares; undefined when it is computed. */
export function nameOf(name: ts.PropertyName | ts.BindingName): string | undefined {
  if (
    ts.isIdentifier(name) ||
    ts.isStringLiteral(name) ||
    ts.isNumericLiteral(name) ||
    ts.isNoSubstitutionTemplateLiteral(name)
  ) {
    return name.text;
  }
  return undefined;
}

/** `x as T`, but for casts that tell no reader of the schema a type: `as const`, and `as never` for a value that doesn't fit. */
export function isCast(node: ts.Node): node is ts.AsExpression | ts.TypeAssertion {
  if (!ts.isAsExpression(node) && !ts.isTypeAssertionExpression(node)) return false;
  const { type } = node;
  return type.kind !== ts.SyntaxKind.NeverKeyword && type.kind !== ts.SyntaxKind.UnknownKeyword && !ts.isConstTypeReference(type);
}
