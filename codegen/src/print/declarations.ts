import type { ErrorModel, TaskModel } from "../model/contract-model.ts";
import { keyword, type TypeNode } from "../model/type-node.ts";
import { labelOf, type Plan, type TypePlan } from "../plan/index.ts";
import { Code, mapped, type Part } from "./code.ts";
import { docComment } from "./doc-comment.ts";
import { taskDoc } from "./task-doc.ts";
import { TypePrinter } from "./type-printer.ts";

const noResult = keyword("void");

/** `generated/index.d.ts` and its map: flat interfaces, as somebody would write them by hand. */
export function printDeclarations(plan: Plan, header: string): { readonly text: string; readonly map: string } {
  const printer = new DeclarationPrinter(plan);
  return printer.print(header);
}

class DeclarationPrinter {
  readonly #plan: Plan;
  readonly #types: TypePrinter;
  readonly #code = new Code("index.d.ts", "../");

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#types = new TypePrinter(plan);
  }

  print(header: string): { readonly text: string; readonly map: string } {
    const code = this.#code;
    code.line(`// ${header}`);
    for (const { from, names } of this.#plan.imports) {
      const list = names.map(({ name, local }) => (name === local ? name : `${name} as ${local}`)).join(", ");
      code.line(`import type { ${list} } from "${from}";`);
    }
    for (const type of this.#plan.types) this.#type(type);
    this.#contract();
    this.#remote();
    this.#handlers();
    this.#value();
    this.#registry();
    code.line("//# sourceMappingURL=index.d.ts.map");
    return { text: code.text(), map: code.map(header) };
  }

  #type({ name, type, model }: TypePlan): void {
    this.#gap(model.doc);
    const named = mapped(name, model.origin);
    if (type.kind === "object") {
      this.#code.line("export interface ", named, " {\n", ...this.#types.members(type.props, "  ", type.readonly), "}");
    } else this.#code.line("export type ", named, " = ", ...this.#types.print(type), ";");
  }

  #contract(): void {
    const { model, contract, remote, handlers } = this.#plan;
    this.#gap(model.contract.doc);
    const base = `${this.#plan.runtime("Contract")}<${remote}, ${handlers}>`;
    this.#code.line("export interface ", mapped(contract, model.contract.origin), ` extends ${base} {`);
    for (const task of model.tasks) {
      const isCallable = task.params.length > 0;
      const args = isCallable ? ["[", ...this.#callArgs(task), "], "] : [];
      const generic = this.#plan.runtime(isCallable ? "Task" : "TaskWithoutParams");
      this.#member("readonly ", task, [generic, "<", ...args, ...this.#result(task), ...this.#errorMap(task), ">"]);
    }
    this.#errorClasses();
    this.#code.line("}");
  }

  #remote(): void {
    const { model, remote } = this.#plan;
    this.#gap(`The tasks of ${model.contract.name}, to call: what \`app.remote(${model.contract.name})\` gives.`);
    this.#code.line("export interface ", mapped(remote, model.contract.origin), " {");
    for (const task of model.tasks) {
      const promise = [this.#plan.global("Promise"), "<", ...this.#result(task), ">"];
      const call = ["((", ...this.#callArgs(task), ") => ", ...promise, ")"];
      // A plain function and what goes with it: see Sendable.
      this.#member("readonly ", task, [...call, " & ", this.#plan.runtime("Sendable"), ...this.#outcomeArgs(task)]);
    }
    this.#code.line("}");
  }

  #handlers(): void {
    const { model, handlers } = this.#plan;
    this.#gap(`A handler for every task of ${model.contract.name}: what its worker implements.`);
    this.#code.line("export interface ", mapped(handlers, model.contract.origin), " {");
    for (const task of model.tasks) {
      const result = task.returns === undefined ? ["void"] : this.#types.print(task.returns.input, "  ");
      const progress = task.progress === undefined ? [] : [", ", ...this.#types.print(task.progress.input, "  ")];
      this.#member("", task, [
        this.#plan.runtime("Handler"),
        "<[",
        ...this.#handlerArgs(task),
        "], ",
        ...result,
        ...progress,
        ">",
      ]);
    }
    this.#code.line("}");
  }

  #value(): void {
    const { model, value, contract } = this.#plan;
    this.#gap(model.contract.doc);
    const isDirect = value.local === value.name;
    this.#code.line(isDirect ? "export " : "", "declare const ", mapped(value.local, model.contract.origin), `: ${contract};`);
    if (!isDirect) this.#code.line(`export { ${value.local} as ${value.name} };`);
  }

  #registry(): void {
    this.#gap(undefined);
    this.#code.line('declare module "ligature" {');
    this.#code.line("  interface TaskRegistry {");
    for (const { key, name, origin, doc } of this.#plan.model.tasks) {
      const documented = docComment(this.#plan.doc(doc, "elsewhere"), "    ");
      this.#code.line(documented, "    ", mapped(JSON.stringify(name), origin), `: ${this.#plan.contract}["${key}"];`);
    }
    this.#code.line("  }");
    this.#code.line("}");
  }

  #errorClasses(): void {
    const { errors } = this.#plan.model;
    if (errors.length === 0) return this.#code.line("  readonly errors: {};");
    this.#code.line("  readonly errors: {");
    for (const error of errors) this.#errorClass(error);
    this.#code.line("  };");
  }

  #errorClass({ name, doc, input, output, origin }: ErrorModel): void {
    const types = [...this.#types.print(input, "    "), ", ", ...this.#types.print(output, "    ")];
    const generic = this.#plan.runtime("DeclaredErrorClass");
    const documented = docComment(this.#plan.doc(doc, "elsewhere"), "    ");
    this.#code.line(documented, "    readonly ", mapped(name, origin), `: ${generic}<"${name}", `, ...types, ">;");
  }

  #member(modifier: string, task: TaskModel, type: readonly Part[]): void {
    const { errors, contract } = this.#plan.model;
    const doc = docComment(this.#plan.doc(taskDoc(task, errors, contract.name), "task"), "  ");
    this.#code.line(doc, "  ", modifier, mapped(task.key, task.origin), ": ", ...type, ";");
  }

  /** What a caller passes: the input side; optional parameters may be left out. */
  #callArgs({ params }: TaskModel): readonly Part[] {
    return this.#args(
      params.map(({ name, optional, input }) => ({ label: optional ? `${labelOf(name)}?` : labelOf(name), type: input })),
    );
  }

  /** What a handler gets: the output side. Nothing is optional, so that the context stays the last argument. */
  #handlerArgs({ params }: TaskModel): readonly Part[] {
    return this.#args(params.map(({ name, received }) => ({ label: labelOf(name), type: received })));
  }

  #args(args: readonly { readonly label: string; readonly type: TypeNode }[]): readonly Part[] {
    return args.flatMap(({ label, type }, index) => [index > 0 ? ", " : "", `${label}: `, ...this.#types.print(type, "  ")]);
  }

  #result({ returns }: TaskModel): readonly Part[] {
    return this.#types.print(returns?.output ?? noResult, "  ");
  }

  /** What a task's outcome may be besides its result; left out where the defaults are meant. */
  #outcomeArgs(task: TaskModel): readonly Part[] {
    if (task.errors.length === 0 && task.progress === undefined) return [];
    const errors = task.errors.length === 0 ? ["{}"] : this.#errorMap(task).slice(1);
    const progress = task.progress === undefined ? [] : [", ", ...this.#types.print(task.progress.output, "  ")];
    return ["<", ...errors, ...progress, ">"];
  }

  /** The declared errors by name, after a comma; left out where the default, none, is meant. */
  #errorMap({ errors }: TaskModel): readonly Part[] {
    if (errors.length === 0) return [];
    const members = errors.flatMap((name, index) => [index > 0 ? "; " : "", `${name}: `, ...this.#errorData(name)]);
    return [", ", "{ ", ...members, " }"];
  }

  #errorData(name: string): readonly Part[] {
    const error = this.#plan.model.errors.find((each) => each.name === name);
    return error === undefined ? ["never"] : this.#types.print(error.output, "  ");
  }

  #gap(doc: string | undefined): void {
    this.#code.line();
    const comment = docComment(this.#plan.doc(doc, "elsewhere"), "");
    if (comment !== "") this.#code.line(comment.trimEnd());
  }
}
