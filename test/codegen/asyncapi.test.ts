import { readFileSync } from "node:fs";
import { join } from "node:path";
import specs from "@asyncapi/specs";
import { Ajv, type SchemaObject, type ValidateFunction } from "ajv";
import { describe, expect, test } from "vitest";
import { asyncApi } from "../../codegen/dist/asyncapi/index.js";
import { parseManifest, type Manifest } from "../../codegen/dist/manifest/index.js";
import { ligature } from "./support/ligature.ts";
import { contractPackage } from "./support/contract-package.ts";
import { manifestsOf, moduleOf } from "./support/versions.ts";
import { scratchOfTest } from "./support/scratch.ts";

const root: string = join(import.meta.dirname, "..", "..");
const info = { title: "Tasks", version: "1.0.0" };

const examples: readonly Manifest[] = ["catalog", "processing", "notifications"].map((name) =>
  parseManifest(readFileSync(join(root, "packages", name, "contract.json"), "utf8"), name),
);

interface Document {
  readonly channels: Readonly<Record<string, { readonly address: string | null; readonly messages: object }>>;
  readonly operations: Readonly<Record<string, { readonly reply?: object; readonly tags?: object }>>;
}

function documentOf(manifests: readonly Manifest[]): Document {
  return asyncApi(manifests, info) as unknown as Document;
}

// The published schema says `format: uri` and the like of its own fields, which isn't what is asked here.
const official = new Ajv({ strict: false, validateFormats: false, allErrors: true });
const isAsyncApi: ValidateFunction = official.compile(specs.schemasWithoutId["3.0.0"] as SchemaObject);

function payloadOf(document: Document, message: string): ValidateFunction {
  const ajv = new Ajv({ strict: false, validateFormats: false });
  ajv.addSchema(document, "document");
  return ajv.compile({ $ref: `document#/components/messages/${message}/payload` });
}

/** The payloads and headers of all messages, and the schemas that they refer to. */
function schemasIn(document: Document): readonly unknown[] {
  const { schemas = {}, messages = {} } =
    (document as { readonly components?: Record<string, Record<string, { payload?: unknown; headers?: unknown }>> }).components ??
    {};
  const parts = Object.values(messages).flatMap(({ payload, headers }) => [payload, headers]);
  return [...Object.values(schemas), ...parts].filter((schema) => schema !== undefined);
}

/** Every schema's kind that a manifest can hold, as one contract. */
const everything = `
/** Old ways. */
export const Tree = z.object({ get children() { return z.array(Tree); }, name: z.string() });
export const everything = contract("everything", {
  queue: "every:thing",
  tasks: {
    tuple: task({ params: { pair: z.tuple([z.string(), z.number()]), rest: z.tuple([z.boolean()], z.bigint()) } }),
    empty: task({ params: { nothing: z.tuple([]), list: z.array(z.tuple([])), rest: z.tuple([], z.string()), none: z.enum([]).optional() } }),
    maps: task({ params: { map: z.map(z.string(), z.date()), record: z.record(z.string(), z.set(Tree)) }, returns: Tree }),
    /** @deprecated use maps */
    old: task({ params: {}, ignoreResult: true }),
  },
});`;

describe("ligature asyncapi", () => {
  test("writes what the official schema accepts", () => {
    const document = documentOf(examples);
    expect({ valid: isAsyncApi(document), errors: isAsyncApi.errors }).toEqual({ valid: true, errors: null });
    // The schema is no rubber stamp.
    expect(isAsyncApi({ ...document, operations: { x: { action: "listen" } } })).toBe(false);
  });

  test("channels are queues, operations tasks, with their replies", () => {
    const { channels, operations } = documentOf(examples);
    expect(Object.keys(channels)).toEqual(["catalog", "notifications", "processing", "reply-queue"]);
    expect(channels["processing"]).toMatchObject({
      address: "processing",
      messages: { "processing.processFile": { $ref: "#/components/messages/processing.processFile" } },
    });
    expect(operations["processing.processFile"]).toMatchObject({
      action: "receive",
      channel: { $ref: "#/channels/processing" },
      messages: [{ $ref: "#/channels/processing/messages/processing.processFile" }],
      reply: { messages: [{ $ref: "#/channels/reply-queue/messages/processing.processFile.result" }] },
    });
  });

  test("all references lead somewhere, and the order of the contracts doesn't matter", () => {
    const document = documentOf(examples);
    const text = JSON.stringify(document);
    expect(JSON.stringify(documentOf([...examples].reverse()))).toBe(text);
    const refs = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = ""]) => path);
    expect(refs.length).toBeGreaterThan(20);
    for (const path of new Set(refs)) {
      const target = path.split("/").reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document);
      expect(target, path).toBeDefined();
    }
  });

  test("a message's body is what travels", () => {
    const document = documentOf(examples);
    const request = payloadOf(document, "processing.processFile");
    const embed = { callbacks: null, errbacks: null, chain: null, chord: null };
    expect(request([["a.csv", { strict: true }], {}, embed])).toBe(true);
    expect(request([["a.csv"], {}, embed])).toBe(true);
    expect(request([["a.csv", null], {}, embed])).toBe(true);
    expect(request([[], {}, embed])).toBe(false);
    expect(request([[1], {}, embed])).toBe(false);
    expect(request([["a.csv", { strict: "yes" }], {}, embed])).toBe(false);
    expect(request([["a.csv", null, 3], {}, embed])).toBe(false);

    const result = payloadOf(document, "processing.processFile.result");
    const failure = { exc_type: "WrongFormat", exc_message: [""], exc_module: "processing" };
    const answer = { task_id: "1", traceback: null, children: [] };
    expect(result({ ...answer, status: "PROGRESS", result: { bytes: 1, totalBytes: 2, rows: 3 } })).toBe(true);
    expect(result({ ...answer, status: "FAILURE", result: { ...failure, ligature: { data: { line: 1, reason: "" } } } })).toBe(
      true,
    );
    expect(result({ ...answer, status: "SUCCESS", result: { path: 1 } })).toBe(false);
  });

  test("every kind of schema, other names, what is deprecated", () => {
    const manifests = manifestsOf({ everything: moduleOf(everything) }, (name) => `@test/${name}`);
    const document = documentOf([...manifests.values()]);
    expect({ valid: isAsyncApi(document), errors: isAsyncApi.errors }).toEqual({ valid: true, errors: null });
    expect(document.channels["every_thing"]?.address).toBe("every:thing");
    expect(document.operations["everything.old"]?.tags).toEqual([{ name: "deprecated", description: "use maps" }]);
    expect(document.operations["everything.old"]).not.toHaveProperty("reply");
    const tuple = payloadOf(document, "everything.tuple");
    expect(
      tuple([
        [
          ["a", 1],
          [true, "1", "2"],
        ],
        {},
        {},
      ]),
    ).toBe(true);
    expect(tuple([[[1, "a"], [true]], {}, {}])).toBe(false);
    const maps = payloadOf(document, "everything.maps");
    const tree = { name: "a", children: [{ name: "b", children: [] }] };
    expect(maps([[[["a", "2026-01-01T00:00:00Z"]], { x: [tree] }], {}, {}])).toBe(true);
    expect(maps([[[], { x: [{ name: "a", children: [{}] }] }], {}, {}])).toBe(false);
  });

  test("every schema in it is one of draft 7, as AsyncAPI's own parser wants it", () => {
    const manifests = manifestsOf({ everything: moduleOf(everything) }, (name) => `@test/${name}`);
    const document = documentOf([...examples, ...manifests.values()]);
    // @asyncapi/parser itself brings 136 packages, telemetry and types that don't check; this is the rule that it applies.
    const ajv = new Ajv({ strict: false, validateFormats: false });
    const isSchema = (schema: unknown): boolean => ajv.validateSchema(schema as SchemaObject) === true;
    const schemas = schemasIn(document);
    expect(schemas.length).toBeGreaterThan(10);
    expect(schemas.filter((schema) => !isSchema(schema))).toEqual([]);
    // The rule is no rubber stamp.
    expect([{ items: [] }, { enum: [] }, { anyOf: [] }, { allOf: [] }].filter(isSchema)).toEqual([]);

    const empty = payloadOf(document, "everything.empty");
    const embed = { callbacks: null, errbacks: null, chain: null, chord: null };
    expect(empty([[[], [[]], ["a"]], {}, embed])).toBe(true);
    expect(empty([[[1], [[]], ["a"]], {}, embed])).toBe(false);
    expect(empty([[[], [[1]], ["a"]], {}, embed])).toBe(false);
    expect(empty([[[], [[]], [1]], {}, embed])).toBe(false);
    expect(empty([[[], [[]], ["a"], "x"], {}, embed])).toBe(false);
  });

  test("two contracts of one name are refused", () => {
    const [first] = examples;
    expect(() => asyncApi(first === undefined ? [] : [first, first], info)).toThrow(/Two contracts have the name "catalog"/);
  });

  test("as a command", () => {
    const dir = scratchOfTest({ "package.json": '{ "workspaces": ["*"] }', ...contractPackage("a") });
    expect(ligature(dir, ["asyncapi"])).toEqual({
      code: 2,
      out: "",
      err: "ligature: a has no contract.json yet; run: ligature gen\n",
    });
    ligature(dir, ["gen"]);
    expect(ligature(dir, ["asyncapi", "--out", "out/api.json", "--title", "Ours", "--version", "2.1.0"])).toEqual({
      code: 0,
      out: "out/api.json  written\n",
      err: "",
    });
    const text = readFileSync(join(dir, "out/api.json"), "utf8");
    expect(JSON.parse(text)).toMatchObject({ asyncapi: "3.0.0", info: { title: "Ours", version: "2.1.0" } });
    expect(JSON.parse(ligature(dir, ["asyncapi", "a"]).out)).toMatchObject({ info: { title: "test", version: "1.0.0" } });
    expect(ligature(dir, ["asyncapi", "--out", "a"])).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^ligature: a can't be written: .*\n$/),
    });
    expect(ligature(dir, ["asyncapi", "--nope"])).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^ligature: unknown option "--nope".*\n$/),
    });
  });
});
