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
