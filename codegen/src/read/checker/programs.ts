import { join } from "node:path";
import { Project, ts } from "ts-morph";
import { findInstalled, type ContractPackage, type ModuleGraph } from "../../workspace/index.ts";

/**
 * Programs of contract packages, made when first asked for. Installed packages and TypeScript's library are parsed
 * once. Each contract gets a program of its own all the same: the order of a union's members is the order in which
 * the compiler met them, and must not depend on which contracts it has seen before.
 *
 * No tsconfig is read: a contract is run without one as well (`ContractLoader`), and what it means must not
 * depend on the folder that the command was started in.
 */
export class Programs {
  readonly #files = new Map<string, ts.SourceFile>();
  #host: ts.CompilerHost | undefined;

  of(contract: ContractPackage, graph: ModuleGraph): ts.Program {
    this.#host ??= this.#createHost();
    const node = findInstalled("@types/node", contract.dir);
    const rootNames = [...(node === undefined ? [] : [join(node, "index.d.ts")]), ...graph.files];
    return ts.createProgram({ rootNames, options, host: this.#host });
  }

  #createHost(): ts.CompilerHost {
    const host = ts.createCompilerHost(options, true);
    // ts-morph carries the library's files in memory, for the programs of its own projects.
    const project = new Project({ skipAddingFilesFromTsConfig: true, compilerOptions: options });
    project.createSourceFile("empty.ts", "export {};");
    const library = project.getProgram().compilerObject;
    for (const file of library.getSourceFiles()) {
      if (file.fileName.startsWith(libraryFolder)) this.#files.set(file.fileName, file);
    }
    // Where zod is, found once for all of them: each program would look for it anew.
    const cache = ts.createModuleResolutionCache(host.getCurrentDirectory(), (name) => host.getCanonicalFileName(name), options);
    return {
      ...host,
      getModuleResolutionCache: () => cache,
      resolveModuleNameLiterals: (literals, from, redirected, used, file) =>
        literals.map((literal) => {
          const mode = ts.getModeForUsageLocation(file, literal, used);
          return ts.resolveModuleName(literal.text, from, used, host, cache, redirected, mode);
        }),
      getDefaultLibLocation: () => libraryFolder,
      getDefaultLibFileName: () => join(libraryFolder, "lib.d.ts"),
      getSourceFile: (name, ...rest) => {
        const known = this.#files.get(name);
        if (known !== undefined) return known;
        const file = host.getSourceFile(name, ...rest);
        if (file !== undefined && name.includes("/node_modules/")) this.#files.set(name, file);
        return file;
      },
    };
  }
}

/** Where ts-morph says that the library's files are. */
const libraryFolder = "/node_modules/typescript/lib";

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  lib: ["lib.es2023.d.ts", "lib.dom.d.ts"],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  allowImportingTsExtensions: true,
  allowJs: true,
  noEmit: true,
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
  types: [],
};
