import type { Check } from "./lint-findings.ts";

/** https://docs.python.org/3/reference/lexical_analysis.html#keywords */
const keywords: ReadonlySet<string> = new Set(
  (
    "False None True and as assert async await break class continue def del elif else except finally for from global if import " +
    "in is lambda nonlocal not or pass raise return try while with yield"
  ).split(" "),
);

/** Functions that a module would lose if it had a task of that name. */
const builtins: ReadonlySet<string> = new Set(
  (
    "abs all any bool bytes callable compile dict dir enumerate eval exec filter float format getattr hash help id input int " +
    "isinstance iter len list map max min next object open print range repr reversed round set setattr sorted str sum super " +
    "tuple type vars zip"
  ).split(" "),
);

export const pythonNames: Check = ({ contract, runtime, tasks }, found) => {
  // Where Python has to declare it, there is no way around.
  const severity = runtime === "celery" ? "error" : "warning";
  for (const { key, params } of Object.values(tasks)) {
    const task = { contract, task: key };
    if (keywords.has(key))
      found.add("python-name", task, `"${key}" is a keyword of Python: no function can be called so.`, severity);
    else if (builtins.has(key))
      found.add("python-name", task, `A Python module with a function "${key}" hides the built-in one.`, "warning");
    for (const { name } of params) {
      if (!keywords.has(name)) continue;
      const spot = { ...task, within: "params", part: name } as const;
      found.add(
        "python-name",
        spot,
        `"${name}" is a keyword of Python: no parameter can be called so, and no call can name it.`,
        severity,
      );
    }
  }
};
