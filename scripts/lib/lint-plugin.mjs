import { relative } from "node:path";
import { root } from "./processes.mjs";
import { wrongImport } from "./room-rules.mjs";

/** The rule `rooms/imports` of oxlint: holds the table in rooms.mjs. */
const imports = {
  create(context) {
    const file = relative(root, context.filename).replaceAll("\\", "/");
    const check = (source, typeOnly) => {
      if (typeof source?.value !== "string") return;
      const message = wrongImport(file, source.value, typeOnly);
      if (message !== undefined) context.report({ node: source, message });
    };
    return {
      ImportDeclaration: (node) => check(node.source, node.importKind === "type"),
      ExportNamedDeclaration: (node) => check(node.source, node.exportKind === "type"),
      ExportAllDeclaration: (node) => check(node.source, node.exportKind === "type"),
      ImportExpression: (node) => check(node.source, false),
      TSImportType: (node) => check(node.source, true),
    };
  },
};

export default { meta: { name: "rooms" }, rules: { imports } };
