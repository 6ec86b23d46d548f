import { isIdentifier, type Plan } from "../plan/index.ts";

/** `generated/index.js`: the contract with its builders, and what only codegen knows of each task. */
export function printModule(plan: Plan, header: string): string {
  const { model, value } = plan;
  const { exportName } = model.contract;
  // `$` never occurs in a contract's name, so the local names can't meet it.
  const definition =
    exportName === "default"
      ? "definition$"
      : `{ ${isIdentifier(exportName) ? exportName : JSON.stringify(exportName)} as definition$ }`;
  const define = value.name === "defineContract" ? "defineContract$" : "defineContract";
  const facts = model.tasks.map(
    ({ key, fingerprint, plainArgs, plainResult }) =>
      `  ${key}: { fingerprint: "${fingerprint}", plainArgs: ${plainArgs}, plainResult: ${plainResult} },\n`,
  );
  const isDirect = value.local === value.name;
  return [
    `// ${header}\n`,
    `import ${definition} from "${model.runtime}";\n`,
    `import { ${define === "defineContract" ? define : `defineContract as ${define}`} } from "ligature/generated";\n`,
    "\n",
    `${isDirect ? "export " : ""}const ${value.local} = ${define}(definition$, {\n`,
    ...facts,
    "});\n",
    isDirect ? "" : `export { ${value.local} as ${value.name} };\n`,
  ].join("");
}
