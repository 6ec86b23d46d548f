/** A mistake in a contract: shown as `file:line:column message`. */
export interface Diagnostic {
  /** Path of the source file, relative to its package, with `/`. */
  readonly file: string;
  /** 1-based; absent when only the file is known. */
  readonly line?: number;
  /** 1-based. */
  readonly column?: number;
  readonly message: string;
}

/** Thrown when a contract can't be read; carries everything that was found wrong, in the order of the source. */
export class ContractMistakes extends Error {
  override readonly name: string = "ContractMistakes";
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[], options?: ErrorOptions) {
    super(diagnostics.map(formatDiagnostic).join("\n"), options);
    this.diagnostics = [...diagnostics].sort(bySource);
  }
}

export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { file, line, column, message } = diagnostic;
  return `${file}${line === undefined ? "" : `:${line}:${column ?? 1}`} ${message}`;
}

function bySource(a: Diagnostic, b: Diagnostic): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}
