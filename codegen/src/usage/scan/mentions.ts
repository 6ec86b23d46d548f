import { ts } from "ts-morph";
import type { UseKind } from "../index.ts";
import type { Member } from "./generated-contract.ts";
import { inner } from "./resolver.ts";

/** Where in the source a task's name stands, and what that tells. */

/** How a stub is used, other than by calling it. */
export const ways: ReadonlySet<string> = new Set<string>(["with", "delay", "applyAsync"] satisfies UseKind[]);

/** The name in `remote.task` rather than its start: there, people look for it. */
export function nameNode(node: ts.Expression): ts.Node {
  const expression = inner(node);
  if (ts.isPropertyAccessExpression(expression)) return expression.name;
  return ts.isElementAccessExpression(expression) ? expression.argumentExpression : expression;
}

/** Whether a name stands for a value here, rather than being declared, or a part of something that is looked at as a whole. */
export function isValue(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent) || ts.isVariableDeclaration(parent) || ts.isBindingElement(parent))
    return parent.initializer === node;
  if (ts.isExportSpecifier(parent) || ts.isImportSpecifier(parent) || ts.isShorthandPropertyAssignment(parent)) return false;
  return ts.isExpression(node) && !(ts.isBinaryExpression(parent) && parent.left === node);
}

/** The node with the parentheses and assertions around it. */
export function outermost(node: ts.Expression): ts.Expression {
  let current = node;
  while (ts.isExpression(current.parent) && inner(current.parent) === inner(node) && current.parent !== current)
    current = current.parent;
  return current;
}

/** Whether what is done with a task's value is seen: it is used on the spot, or gets a name whose uses are looked at. */
export function isFollowed(node: ts.Expression, members: readonly Member[]): boolean {
  const { parent } = node;
  if (ts.isCallExpression(parent) && parent.expression === node) return true;
  if (ts.isPropertyAccessExpression(parent) && parent.expression === node) {
    const names = members.some(({ role }) => role === "remote") ? [...ways] : ["s", "si"];
    const isCalled = ts.isCallExpression(parent.parent) && parent.parent.expression === parent;
    return names.includes(parent.name.text) && isCalled;
  }
  if (ts.isConditionalExpression(parent)) return parent.condition === node || isFollowed(outermost(parent), members);
  if (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)) return ts.isIdentifier(parent.name);
  if (ts.isExpressionStatement(parent)) return true;
  return ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken && ts.isIdentifier(parent.left);
}

export function whyLost({ parent }: ts.Expression): string {
  if (ts.isPropertyAccessExpression(parent) && parent.name.text === "taskName") return "its name is taken, and used elsewhere";
  return "it is passed on as a value, and used elsewhere";
}
