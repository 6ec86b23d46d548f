/**
 * Contracts with a mistake. `▸` stands right before the place that the message must lead to; a row without it
 * expects only the file's name.
 */
export interface Mistake {
  readonly what: string;
  readonly source: string;
  /** All of it, or, before `…`, how it begins. */
  readonly message: string;
  /** Other modules of the package. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A contract module around one task. */
function withTask(task: string, before = ""): string {
  return `import { contract, task } from "ligature/contract";
import { z } from "zod";
${before}
export const c = contract("c", {
  tasks: {
    run: ${task},
  },
});
`;
}

/** A contract module around the options of a contract. */
function withOptions(options: string, name = '"c"'): string {
  return `import { contract, task } from "ligature/contract";
import { z } from "zod";

export const c = contract(${name}, ${options});
`;
}

const names: readonly Mistake[] = [
  {
    what: "a contract's name that is no identifier",
    source: withOptions("{ tasks: { run: task() } }", '▸"my contract"'),
    message: 'A contract\'s name must be a JavaScript identifier of letters, digits and "_", got "my contract".',
  },
  {
    what: "a contract's name that no const can have",
    source: withOptions("{ tasks: { run: task() } }", '▸"default"'),
    message: '"default" is reserved and can\'t name a contract: its stubs are a const of that name.',
  },
  {
    what: "a task's key that the stubs need",
    source: withOptions("{ tasks: { ▸then: task() } }"),
    message: '"then" is reserved: a contract\'s stubs need that name for themselves. Rename the task.',
  },
  {
    what: "a task's key that is no identifier",
    source: withOptions('{ tasks: { ▸"run-it": task() } }'),
    message: 'A task\'s key must be an identifier of letters, digits and "_", got "run-it".',
  },
  {
    what: "a parameter called like the handler's last argument",
    source: withTask("task({ params: { ▸ctx: z.string() } })"),
    message: '"ctx" is reserved and can\'t name a parameter.',
  },
  {
    what: "a parameter whose place JavaScript would change",
    source: withTask("task({ params: { path: z.string(), ▸2: z.number() } })"),
    message:
      'A parameter can\'t be called "2": JavaScript moves integer-like keys to the front, and the order of the keys is the order of the arguments.',
  },
  {
    what: "an error that isn't called like a class",
    source: withTask("task({ errors: { ▸wrongFormat: z.string() } })"),
    message: 'A declared error is a class: its name must be PascalCase, got "wrongFormat".',
  },
  {
    what: "an error called like a global",
    source: withTask("task({ errors: { ▸TypeError: z.string() } })"),
    message: '"TypeError" is a JavaScript global; a declared error of that name would be confused with it.',
  },
  {
    what: "a wire name of Celery's own",
    source: withTask('task({ ▸name: "celery.ping" })'),
    message: '"celery.ping": names that start with "celery." are Celery\'s own tasks.',
  },
  {
    what: "two tasks of one wire name",
    source: withOptions('{ tasks: { a: task({ name: "x.y" }), ▸b: task({ name: "x.y" }) } }'),
    message: 'c.b and c.a have the same wire name "x.y".',
  },
  {
    what: "a key that stands twice",
    source: withTask("task({ params: { path: z.string(), ▸path: z.number() } })"),
    message: '"path" is declared twice; JavaScript would keep only the last.',
  },
];

const options: readonly Mistake[] = [
  {
    what: "an unknown option of a contract",
    source: withOptions("{ tasks: { run: task() }, ▸queues: 3 }"),
    message: 'c: unknown option "queues". Known: tasks, queue, …',
  },
  {
    what: "an unknown option of a task, for those who don't type-check",
    source: withTask("task({ ▸parms: {} } as never)"),
    message: 'c.run: unknown option "parms". Known: params, returns, …',
  },
  {
    what: "an unknown option of a queue",
    source: withOptions('{ queue: { name: "q", ▸durable: true }, tasks: { run: task() } }'),
    message: 'c\'s queue: unknown option "durable". Known: name, type, deliveryLimit, maxPriority, maxLength.',
  },
  {
    what: "a queue's name that RabbitMQ keeps for itself",
    source: withOptions('{ ▸queue: "amq.mine", tasks: { run: task() } }'),
    message: '"amq.mine": RabbitMQ keeps names that start with "amq." for itself.',
  },
  {
    what: "a retry limit that is none",
    source: withTask("task({ retry: { ▸limit: -1 } })"),
    message: "c.run.retry.limit must be a whole number from 0 to 1000, got -1.",
  },
  {
    what: "a retry of an error that isn't declared",
    source: withTask('task({ retry: { ▸on: ["Gone"] } })'),
    message: 'c.run.retry.on names "Gone", which the task doesn\'t declare in errors.',
  },
  {
    what: "a delay that is no duration",
    source: withTask('task({ retry: { ▸delay: "soon" as never } })'),
    message: 'c.run.retry.delay must be a duration such as "30s" or "45m" (or milliseconds) between 0 and 180 days, got "soon".',
  },
  {
    what: "a time limit that is over before it begins",
    source: withTask("task({ timeLimit: { ▸hard: 0 } })"),
    message: 'c.run.timeLimit.hard must be a duration such as "30s" or "45m" (or milliseconds) between 1 ms and 180 days, got 0.',
  },
  {
    what: "a soft limit after the hard one",
    source: withTask('task({ ▸timeLimit: { soft: "2m", hard: "1m" } })'),
    message: "c.run.timeLimit: soft (2m) must not be longer than hard (1m).",
  },
  {
    what: "a priority without priorities",
    source: withTask("task({ ▸priority: 5 })"),
    message: 'c.run.priority has no effect: give the contract\'s queue { type: "classic", maxPriority: … }.',
  },
  {
    what: "an option in an object of its own",
    source: withTask("task({ retry })", "const retry = {\n  ▸limit: 0.5,\n};"),
    message: "c.run.retry.limit must be a whole number from 0 to 1000, got 0.5.",
  },
  {
    what: "something else than options",
    source: withTask("▸task(z.string() as never)"),
    message: "task() takes one object: task({ params: { … }, returns: … }).",
  },
];

const anyMessage =
  "its type is `any`, so nobody would be told what to send or to expect. Say the type: `z.custom<…>()`, a return type on the function, or z.codec() with a schema for each side.";

const schemas: readonly Mistake[] = [
  {
    what: "something else than a schema",
    source: withTask('task({ params: { ▸path: "string" as never } })'),
    message: "c.run.params.path must be a zod 4 schema, got string.",
  },
  {
    what: "a required parameter behind an optional one",
    source: withTask("task({ params: { a: z.string().optional(), ▸b: z.string() } })"),
    message: 'c.run: the required parameter "b" can\'t follow the optional "a"; arguments are positional.',
  },
  {
    what: "values that can't travel",
    source: withTask("task({ ▸returns: z.symbol() })"),
    message: "c.run.returns: values of z.symbol() can't travel in a message, so nothing that anyone sends could fit.",
  },
  {
    what: "values that can't travel, deep inside",
    source: withTask("task({ params: { a: z.array(z.object({ ▸f: z.promise(z.string()) })) } })"),
    message: "c.run.params.a[element].f: values of z.promise() can't travel in a message.",
  },
  {
    what: "a transform whose type is any",
    source: withTask("task({ params: { a: z.object({ n: z.string().transform(▸JSON.parse) }) } })"),
    message: `c.run.params.a.n: ${anyMessage}`,
  },
  {
    what: "a transform that gives any, deep inside",
    source: withTask("task({ params: { a: z.string().transform(▸(text) => ({ all: [JSON.parse(text)] })) } })"),
    message: `c.run.params.a: ${anyMessage}`,
  },
  {
    what: "a custom schema that says any, in an exported one",
    source: withTask("task({ returns: Money })", "export const Money = z.object({\n  ▸amount: z.custom<any>(),\n});"),
    message: `Money.amount: ${anyMessage}`,
  },
  {
    what: "a type that can't be resolved, in a contract with brands",
    source: withTask(
      'task({ params: { id: ids.Id, other: z.string().brand("Other") } })',
      '// @ts-expect-error it has no types\nimport * as ids from "./ids.js";',
    ),
    files: { "src/ids.js": 'import { z } from "zod";\n\n/** @type {any} */\nexport const ▸Id = z.string();\n' },
    message: `Id: ${anyMessage}`,
  },
  {
    what: "a transform behind an annotation",
    source: withTask(
      "task({ params: { a: Hidden } })",
      "const Hidden: z.ZodType<number, string> = z.object({ n: z.string().transform(▸Number) }) as never;",
    ),
    message:
      "c.run.params.a.n: what it gives is known only to the compiler, and an annotation (such as z.ZodType) around it hides that. Leave the annotation out, or use z.codec() with a schema for each side.",
  },
  {
    what: "a function in a custom type",
    source: withTask("task({ returns: z.object({ ▸then: z.custom<{ go: () => void }>() }) })"),
    message:
      "c.run.returns.then: its type contains a function, which no message can carry. Make it a method of an exported class or interface, or leave it out.",
  },
  {
    what: "a symbol in a custom type",
    source: withTask("task({ params: { ▸a: z.custom<{ [Symbol.iterator]: 1 }>() } })"),
    message: "c.run.params.a: its type has a symbol for a key, which JSON can't carry.",
  },
  {
    what: "an instance of a class that nobody else can name",
    source: withTask(
      "task({ params: { a: z.string().transform(▸(text) => new Money(text)) } })",
      "class Money {\n  readonly text: string;\n  constructor(text: string) {\n    this.text = text;\n  }\n}",
    ),
    message:
      "c.run.params.a: its type contains the class Money of src/contract.ts, which can't be imported from there. Export it, or describe what is sent with a schema: z.codec() has one for each side.",
  },
  {
    what: "an instance of a class as a result",
    source: withTask("task({ ▸returns: z.instanceof(Money) })", "export class Money {\n  readonly cents = 1;\n}"),
    message:
      "c.run.returns: a Money can't travel in a message. Describe what is sent with a schema: z.codec() has one for each side.",
  },
  {
    what: "a recursive schema without a name",
    source: withTask(
      "task({ params: { tree: Tree } })",
      "const Tree = z.object({\n  get children() {\n    return z.array(▸Tree);\n  },\n});",
    ),
    message:
      "c.run.params.tree.children[element]: this schema contains itself, and its type needs a name for that. Export it from the contract module as a const.",
  },
  {
    what: "an error declared in two ways",
    source: withOptions("{ tasks: { a: task({ errors: { Gone: z.string() } }), b: task({ errors: { ▸Gone: z.number() } }) } }"),
    message: 'c.b and c.a both declare the error "Gone" with different schemas; use one schema for both, or two names.',
  },
  {
    what: "a mistake in another module",
    source:
      'import { contract } from "ligature/contract";\nimport { tasks } from "./tasks.ts";\n\nexport const c = contract("c", { tasks });\n',
    files: {
      "src/tasks.ts":
        'import { task } from "ligature/contract";\nimport { z } from "zod";\n\nexport const tasks = {\n  run: task({ params: { ▸constructor: z.string() } }),\n};\n',
    },
    message: '"constructor" is reserved and can\'t name a parameter.',
  },
];

const modules: readonly Mistake[] = [
  {
    what: "a syntax error",
    source: withTask("task({ params: { a: ▸} })"),
    message: "Expression expected.",
  },
  {
    what: "an import of a package that isn't there",
    source:
      'import { contract, task } from "ligature/contract";\nimport { z } from ▸"zodd";\n\nexport const c = contract("c", { tasks: { run: task({ returns: z.string() }) } });\n',
    message: 'cannot find the package "zodd", or what it should export there. Install it, or build it.',
  },
  {
    what: "an import of a module that isn't there",
    source:
      'import { contract } from "ligature/contract";\nimport { tasks } from ▸"./tasks.ts";\n\nexport const c = contract("c", { tasks });\n',
    message: 'cannot find the module "./tasks.ts".',
  },
  {
    what: "an import of a part that a package doesn't have",
    source:
      'import { contract, task } from ▸"ligature/contracts";\n\nexport const c = contract("c", { tasks: { run: task() } });\n',
    message: 'cannot find the package "ligature/contracts", or what it should export there. Install it, or build it.',
  },
  {
    what: "an import of something that isn't exported",
    source:
      'import { contract, ▸tusk } from "ligature/contract";\n\nexport const c = contract("c", { tasks: { run: tusk() } });\n',
    message: "The requested module 'ligature/contract' does not provide an export named 'tusk'",
  },
  {
    what: "an alias of a tsconfig.json",
    source: `import { contract, task } from "ligature/contract";
import { Path } from ▸"@/paths";

export const c = contract("c", { tasks: { run: task({ params: { path: Path } }) } });
`,
    files: {
      "tsconfig.json": '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }',
      "src/paths.ts": 'import { z } from "zod";\n\nexport const Path = z.string();\n',
    },
    message:
      '"@/paths" is an alias of tsconfig.json, which Node doesn\'t know when it runs the contract, here or where it is installed. Import "./paths.js".',
  },
  {
    what: "a name below a tsconfig.json's baseUrl",
    source: `import { contract, task } from "ligature/contract";
import { Path } from ▸"src/paths";

export const c = contract("c", { tasks: { run: task({ params: { path: Path } }) } });
`,
    files: {
      "tsconfig.json": '{ "extends": "./tsconfig.base.json" }',
      "tsconfig.base.json": '{ "compilerOptions": { "baseUrl": "." } }',
      "src/paths.ts": 'import { z } from "zod";\n\nexport const Path = z.string();\n',
    },
    message:
      '"src/paths" is an alias of tsconfig.json, which Node doesn\'t know when it runs the contract, here or where it is installed. Import "./paths.js".',
  },
  {
    what: "an error while the module runs",
    source: withTask("task({ params: { a: z.▸strng() } })"),
    message: "TypeError: z.strng is not a function",
  },
  {
    what: "no contract",
    source: 'import { z } from "zod";\n\nexport const Schema = z.string();\n',
    message: 'exports no contract. It needs: export const <name> = contract("<name>", { tasks: { … } });',
  },
  {
    what: "two contracts",
    source:
      'import { contract, task } from "ligature/contract";\n\nexport const a = contract("a", { tasks: { run: task() } });\nexport const ▸b = contract("b", { tasks: { run: task() } });\n',
    message: 'exports a second contract, "b" beside "a". One package holds one contract: give it a package of its own.',
  },
  {
    what: "a contract without tasks",
    source: withOptions("{ ▸tasks: {} }"),
    message: "c has no tasks.",
  },
];

export const mistakes: readonly Mistake[] = [...names, ...options, ...schemas, ...modules];
