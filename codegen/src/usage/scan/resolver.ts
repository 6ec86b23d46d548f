import { dirname } from "node:path";
import { ts } from "ts-morph";
import { packageName, type GeneratedContracts, type Member } from "./generated-contract.ts";

/** How many names are followed before an expression counts as unreadable; ends circles too. */
const deepest = 30;

/**
 * Says what expressions stand for: through imports and re-exports, constants, destructuring, properties of object
 * literals. What the checker alone knows, such as a parameter's type, it is asked for.
 */
export class Resolver {
  readonly checker: ts.TypeChecker;
  readonly contracts: GeneratedContracts;
  readonly #packages = new Map<string, string>();
  readonly #assignments = new Map<ts.SourceFile, ReadonlyMap<ts.Symbol, readonly ts.Expression[]>>();

  constructor(checker: ts.TypeChecker, contracts: GeneratedContracts) {
    this.checker = checker;
    this.contracts = contracts;
  }

  /** The tasks that an expression stands for; several where it is one of them. */
  members(node: ts.Expression, depth = 0): readonly Member[] {
    const expression = inner(node);
    if (ts.isConditionalExpression(expression)) {
      return [expression.whenTrue, expression.whenFalse].flatMap((each) => this.members(each, depth + 1));
    }
    return unique(this.symbols(expression).flatMap((symbol) => this.#membersOf(symbol, depth)));
  }

  /** The same for a stub that came here as a value: its type is no other's. */
  stubs(node: ts.Expression): readonly Member[] {
    const found = this.members(node).filter(({ role }) => role === "remote");
    if (found.length > 0) return found;
    const type = this.checker.getTypeAtLocation(node);
    const parts = type.isUnionOrIntersection()
      ? type.types.flatMap((each) => (each.isIntersection() ? each.types : [each]))
      : [type];
    return unique(
      parts.flatMap(({ symbol }: { readonly symbol?: ts.Symbol }) => {
        const declaration = symbol?.declarations?.[0];
        if (declaration === undefined || !ts.isFunctionTypeNode(declaration)) return [];
        const property = ts.findAncestor(declaration, ts.isPropertySignature);
        const member = property === undefined ? undefined : this.contracts.member(property);
        return member?.role === "remote" ? [member] : [];
      }),
    );
  }

  /** Symbols of a name, of a property, or of the properties that an index may be. */
  symbols(node: ts.Expression): readonly ts.Symbol[] {
    if (ts.isElementAccessExpression(node)) {
      const keys = literals(this.checker.getTypeAtLocation(node.argumentExpression));
      const type = this.checker.getTypeAtLocation(node.expression);
      return (keys ?? []).map((key) => type.getProperty(key)).filter((each) => each !== undefined);
    }
    const name = ts.isPropertyAccessExpression(node) ? node.name : node;
    if (!ts.isIdentifier(name)) return [];
    const symbol = ts.isShorthandPropertyAssignment(name.parent)
      ? this.checker.getShorthandAssignmentValueSymbol(name.parent)
      : this.checker.getSymbolAtLocation(name);
    return symbol === undefined ? [] : [this.#unaliased(symbol)];
  }

  /** The expressions that a name's value may come from: what it is made with, and what is assigned to it in its file. */
  initializers(symbol: ts.Symbol): readonly ts.Expression[] {
    return (symbol.declarations ?? []).flatMap((declaration) => {
      if (ts.isShorthandPropertyAssignment(declaration)) {
        const value = this.checker.getShorthandAssignmentValueSymbol(declaration);
        return value === undefined ? [] : this.initializers(this.#unaliased(value));
      }
      if (ts.isPropertyAssignment(declaration)) return [declaration.initializer];
      if (!ts.isVariableDeclaration(declaration)) return [];
      const isConstant = (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
      const assigned = isConstant ? [] : (this.#assignmentsIn(declaration.getSourceFile()).get(symbol) ?? []);
      return declaration.initializer === undefined ? assigned : [declaration.initializer, ...assigned];
    });
  }

  /** The name of a function or method of package ligature that is called; undefined when it is none. */
  ligatureFunction(callee: ts.Expression): string | undefined {
    for (const symbol of this.symbols(inner(callee))) {
      const found = [symbol, ...this.#bound(symbol)].find((each) =>
        (each.declarations ?? []).some((declaration) => this.#packageOf(declaration) === "ligature"),
      );
      if (found !== undefined) return found.name;
    }
    return undefined;
  }

  #assignmentsIn(file: ts.SourceFile): ReadonlyMap<ts.Symbol, readonly ts.Expression[]> {
    const known = this.#assignments.get(file);
    if (known !== undefined) return known;
    const found = new Map<ts.Symbol, ts.Expression[]>();
    this.#assignments.set(file, found);
    const visit = (node: ts.Node): void => {
      if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken && ts.isIdentifier(node.left)) {
        for (const symbol of this.symbols(node.left)) found.set(symbol, [...(found.get(symbol) ?? []), node.right]);
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
    return found;
  }

  #packageOf(declaration: ts.Declaration): string {
    const dir = dirname(declaration.getSourceFile().fileName);
    let name = this.#packages.get(dir);
    if (name === undefined) this.#packages.set(dir, (name = packageName(dir)));
    return name;
  }

  #membersOf(symbol: ts.Symbol, depth: number): readonly Member[] {
    if (depth > deepest) return [];
    const direct = (symbol.declarations ?? []).map((each) => this.contracts.member(each)).filter((each) => each !== undefined);
    if (direct.length > 0) return direct;
    const bound = this.#bound(symbol).flatMap((each) => this.#membersOf(each, depth + 1));
    if (bound.length > 0) return bound;
    return this.initializers(symbol).flatMap((each) => this.members(each, depth + 1));
  }

  /** The property that a destructured name is bound to. */
  #bound(symbol: ts.Symbol): readonly ts.Symbol[] {
    return (symbol.declarations ?? []).flatMap((declaration) => {
      if (!ts.isBindingElement(declaration) || !ts.isObjectBindingPattern(declaration.parent)) return [];
      const name = declaration.propertyName ?? declaration.name;
      if (!ts.isIdentifier(name) && !ts.isStringLiteral(name)) return [];
      const property = this.checker.getTypeAtLocation(declaration.parent).getProperty(name.text);
      return property === undefined ? [] : [property];
    });
  }

  #unaliased(symbol: ts.Symbol): ts.Symbol {
    return (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : this.checker.getAliasedSymbol(symbol);
  }
}

/** The expression without what changes nothing about its value. */
export function inner(node: ts.Expression): ts.Expression {
  let current = node;
  while (
    ts.isParenthesizedExpression(current) ||
    ts.isAsExpression(current) ||
    ts.isSatisfiesExpression(current) ||
    ts.isNonNullExpression(current) ||
    ts.isTypeAssertionExpression(current) ||
    ts.isAwaitExpression(current)
  ) {
    current = current.expression;
  }
  return current;
}

/** The strings that a type may be; undefined when they can't be counted. */
export function literals(type: ts.Type): readonly string[] | undefined {
  const parts = type.isUnion() ? type.types : [type];
  const found = parts.filter((each) => each.isStringLiteral()).map(({ value }) => value);
  return found.length === parts.length ? found : undefined;
}

function unique(members: readonly Member[]): readonly Member[] {
  return [...new Map(members.map((member) => [`${member.role} ${member.task.name}`, member])).values()];
}
