import { ts } from "ts-morph";
import { isCast } from "../source/index.ts";

/**
 * Whether a module may say something about its schemas' types that leaves no trace in the schemas: brands, type
 * predicates, narrowed coercions, casts. It may err on the side of yes, which costs the time of asking the compiler.
 */
export function hidesTypes(file: ts.SourceFile): boolean {
  const visit = (node: ts.Node): boolean =>
    isCast(node) ||
    (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && hides(node, node.expression)) ||
    ts.forEachChild(node, (child) => visit(child) || undefined) === true;
  return visit(file);
}

function hides(call: ts.CallExpression, callee: ts.PropertyAccessExpression): boolean {
  const [argument] = call.arguments;
  switch (callee.name.text) {
    case "brand":
      return true;
    case "refine":
      return argument !== undefined && mayNarrow(argument);
    default:
      return (
        call.typeArguments !== undefined &&
        ts.isPropertyAccessExpression(callee.expression) &&
        callee.expression.name.text === "coerce"
      );
  }
}

/** A type predicate, whether it is written or, since TypeScript 5.5, inferred from a comparison of the argument. */
function mayNarrow(predicate: ts.Expression): boolean {
  if (!ts.isArrowFunction(predicate) && !ts.isFunctionExpression(predicate)) return true;
  if (predicate.type !== undefined) return ts.isTypePredicateNode(predicate.type);
  const name = predicate.parameters[0]?.name;
  if (name === undefined) return false;
  if (!ts.isIdentifier(name)) return false;
  return compares(predicate.body, name.text);
}

const narrowing: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
  ts.SyntaxKind.EqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsToken,
  ts.SyntaxKind.InstanceOfKeyword,
  ts.SyntaxKind.InKeyword,
]);

function compares(node: ts.Node, name: string): boolean {
  if (ts.isBinaryExpression(node) && narrowing.has(node.operatorToken.kind)) {
    if ([node.left, node.right].some((side) => isOf(side, name))) return true;
  }
  // A predicate that is declared elsewhere; and `!!value`, `Boolean(value)`.
  if (ts.isCallExpression(node) && node.arguments.some((argument) => isOf(argument, name))) return true;
  if (ts.isPrefixUnaryExpression(node) && isOf(node.operand, name)) return true;
  return ts.forEachChild(node, (child) => compares(child, name) || undefined) === true;
}

/** The argument itself, a property of it that may tell kinds apart, or its `typeof`. */
function isOf(node: ts.Node, name: string): boolean {
  if (ts.isTypeOfExpression(node) || ts.isPrefixUnaryExpression(node)) {
    return isOf(ts.isTypeOfExpression(node) ? node.expression : node.operand, name);
  }
  if (ts.isPropertyAccessExpression(node))
    return node.name.text !== "length" && node.name.text !== "size" && isOf(node.expression, name);
  return ts.isIdentifier(node) && node.text === name;
}
