import { ts } from "ts-morph";

/** Something at a place of the source that keeps the contract from being read. */
export interface SourceMistake {
  readonly node: ts.Node | { readonly file: ts.SourceFile; readonly offset: number };
  readonly message: string;
}

/** What TypeScript's parser complains about. */
export function syntaxErrors(file: ts.SourceFile): readonly SourceMistake[] {
  const { parseDiagnostics = [] } = file as { readonly parseDiagnostics?: readonly ts.DiagnosticWithLocation[] };
  return parseDiagnostics.map((each) => ({
    node: { file, offset: each.start },
    message: ts.flattenDiagnosticMessageText(each.messageText, " "),
  }));
}

/**
 * Types that are written in the source and leave no trace in the schema at run time, so that the walk over
 * the schema would miss them without noticing.
 */
export function unseenTypes(file: ts.SourceFile): readonly SourceMistake[] {
  const found: SourceMistake[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const message = unseenType(node, node.expression);
      if (message !== undefined) found.push({ node: node.expression.name, message });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function unseenType(call: ts.CallExpression, callee: ts.PropertyAccessExpression): string | undefined {
  const method = callee.name.text;
  if (method === "brand") {
    return "not supported yet: a branded type exists only for the compiler. Leave out .brand() in the contract, and brand the value where it is used.";
  }
  if (method === "refine" && call.arguments[0] !== undefined && isTypePredicate(call.arguments[0])) {
    return "not supported yet: what a type predicate narrows to is known only to the compiler. Let .refine() return a boolean, or describe the narrower type with a schema of its own.";
  }
  if (
    call.typeArguments !== undefined &&
    ts.isPropertyAccessExpression(callee.expression) &&
    callee.expression.name.text === "coerce"
  ) {
    return `not supported yet: z.coerce.${method}<…>() narrows its input only for the compiler. Leave out the type argument.`;
  }
  return undefined;
}

function isTypePredicate(node: ts.Expression): boolean {
  return (
    (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) && node.type !== undefined && ts.isTypePredicateNode(node.type)
  );
}

/** Keys that an object literal has twice; JavaScript keeps the last and says nothing. */
export function repeatedKeys(object: ts.ObjectLiteralExpression): readonly SourceMistake[] {
  const seen = new Set<string>();
  return object.properties.flatMap((property): readonly SourceMistake[] => {
    const name = property.name;
    if (name === undefined || !(ts.isIdentifier(name) || ts.isStringLiteral(name))) return [];
    if (!seen.has(name.text)) {
      seen.add(name.text);
      return [];
    }
    return [{ node: name, message: `"${name.text}" is declared twice; JavaScript would keep only the last.` }];
  });
}
