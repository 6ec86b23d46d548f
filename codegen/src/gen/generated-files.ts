import type { ContractModel } from "../model/contract-model.ts";
import { planOf } from "../plan/index.ts";
import { printManifest } from "../manifest/print-manifest.ts";
import { printDeclarations, printModule } from "../print/index.ts";
import { header, sealed, type GeneratedFile } from "../write/index.ts";

export type { ContractModel } from "../model/contract-model.ts";
export type { GeneratedFile } from "../write/index.ts";

export interface GenerateOptions {
  /** Stands in every file: `@ligature/codegen@1.2.3`. */
  readonly generator: string;
}

/**
 * The generated files of one contract package: a pure function of its model. They come in the order in which
 * to write them, so that nobody who watches sees a file that refers to one that isn't there yet.
 */
export function generate(model: ContractModel, options: GenerateOptions): readonly GeneratedFile[] {
  const plan = planOf(model);
  const head = header(options.generator, model);
  const declarations = printDeclarations(plan, head);
  const files = [
    { path: "generated/index.js", text: printModule(plan, head) },
    { path: "generated/index.d.ts.map", text: declarations.map },
    { path: "generated/index.d.ts", text: declarations.text },
    { path: "contract.json", text: printManifest(plan, head) },
  ];
  return files.map(({ path, text }) => ({ path, text: sealed(text) }));
}
