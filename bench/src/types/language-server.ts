import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { pathToFileURL } from "node:url";
import { tsc } from "./scratch.ts";

interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

interface Location {
  readonly uri?: string;
  readonly targetUri?: string;
  readonly range?: Range;
  readonly targetSelectionRange?: Range;
}

interface Range {
  readonly start: { readonly line: number; readonly character: number };
}

/** TypeScript's language server, asked as an editor would. */
export class LanguageServer {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #pending = new Map<number, (message: Message) => void>();
  #buffer = Buffer.alloc(0);
  #lastId = 0;

  constructor(root: string) {
    this.#child = spawn(process.execPath, [tsc, "--lsp", "--stdio"], { cwd: root, stdio: "pipe" });
    this.#child.stdout.on("data", (chunk: Buffer) => {
      this.#buffer = Buffer.concat([this.#buffer, chunk]);
      this.#readMessages();
    });
  }

  async open(root: string, file: string, text: string): Promise<void> {
    await this.#request("initialize", { processId: null, rootUri: pathToFileURL(root).href, capabilities: {} });
    this.#send({ method: "initialized", params: {} });
    const textDocument = { uri: pathToFileURL(file).href, languageId: "typescript", version: 1, text };
    this.#send({ method: "textDocument/didOpen", params: { textDocument } });
  }

  /** The whole text of an open file, after an edit. */
  change(file: string, version: number, text: string): void {
    const textDocument = { uri: pathToFileURL(file).href, version };
    this.#send({ method: "textDocument/didChange", params: { textDocument, contentChanges: [{ text }] } });
  }

  /** The names that completion offers at a place. */
  async completion(file: string, line: number, character: number): Promise<readonly string[]> {
    const { result, error } = await this.#request("textDocument/completion", {
      textDocument: { uri: pathToFileURL(file).href },
      position: { line, character },
    });
    if (error !== undefined) throw new Error(error.message);
    const items = Array.isArray(result) ? result : ((result as { readonly items?: unknown } | null)?.items ?? []);
    return (items as readonly { readonly label: string }[]).map(({ label }) => label);
  }

  /** Where "go to definition" leads: `uri:line`, lines counted from 1. */
  async definition(file: string, line: number, character: number): Promise<readonly string[]> {
    const { result } = await this.#request("textDocument/definition", {
      textDocument: { uri: pathToFileURL(file).href },
      position: { line, character },
    });
    const locations = (Array.isArray(result) ? result : [result]) as readonly (Location | null)[];
    return locations.flatMap((location) => {
      const range = location?.targetSelectionRange ?? location?.range;
      return range === undefined ? [] : [`${location?.targetUri ?? location?.uri ?? ""}:${range.start.line + 1}`];
    });
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    await this.#request("shutdown", undefined);
    this.#send({ method: "exit" });
    this.#child.stdin.end();
    await ended;
  }

  #request(method: string, params: unknown): Promise<Message> {
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      this.#pending.set(id, resolve);
      this.#send({ id, method, params });
    });
  }

  #send(message: object): void {
    const body = JSON.stringify({ jsonrpc: "2.0", ...message });
    this.#child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  #readMessages(): void {
    for (;;) {
      const headerEnd = this.#buffer.indexOf("\r\n\r\n");
      if (headerEnd < 0) return;
      const length = Number(/Content-Length: (\d+)/i.exec(this.#buffer.subarray(0, headerEnd).toString())?.[1]);
      const end = headerEnd + 4 + length;
      if (this.#buffer.length < end) return;
      const message = JSON.parse(this.#buffer.subarray(headerEnd + 4, end).toString()) as Message;
      this.#buffer = this.#buffer.subarray(end);
      this.#receive(message);
    }
  }

  #receive(message: Message): void {
    if (message.method !== undefined) {
      // The server's own questions (which settings, may I watch files) have no answer here.
      if (message.id !== undefined) this.#send({ id: message.id, result: null });
      return;
    }
    const pending = this.#pending.get(message.id as number);
    this.#pending.delete(message.id as number);
    pending?.(message);
  }
}
