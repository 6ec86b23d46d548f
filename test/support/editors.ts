import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { LanguageServer } from "../../bench/dist/types/index.js";

/** What editors ask. */
export interface Editor {
  /** Where "go to definition" leads: `path:line`, lines counted from 1; the position is counted from 0. */
  definition(file: string, line: number, character: number): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** The language services that editors use, with a file of a project opened. */
export const editors: Readonly<Record<string, (root: string, file: string, text: string) => Promise<Editor>>> = {
  "TypeScript 7's language server": async (root, file, text) => {
    const server = new LanguageServer(root);
    await server.open(root, file, text);
    return {
      definition: async (...place) => (await server.definition(...place)).map((found) => fileURLToPath(found)),
      close: () => server.close(),
    };
  },
  "TypeScript 6's tsserver": (root, file, text) => Promise.resolve(new TsServer(root, file, text)),
};

interface Answer {
  readonly request_seq?: number;
  readonly body?: unknown;
}

interface FileSpan {
  readonly file: string;
  readonly start: { readonly line: number };
}

/** The server that editors ran before TypeScript 7: requests are lines, answers have a header. */
class TsServer implements Editor {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #pending = new Map<number, (answer: Answer) => void>();
  #text = "";
  #last = 0;

  constructor(root: string, file: string, text: string) {
    const lib = dirname(createRequire(import.meta.url).resolve("typescript-6.0/package.json"));
    const args = [join(lib, "lib", "tsserver.js"), "--disableAutomaticTypingAcquisition"];
    this.#child = spawn(process.execPath, args, { cwd: root, stdio: "pipe" });
    this.#child.stdout.setEncoding("utf8").on("data", (chunk: string) => this.#read(chunk));
    this.#send("open", { file, fileContent: text });
  }

  async definition(file: string, line: number, character: number): Promise<readonly string[]> {
    const seq = this.#send("definition", { file, line: line + 1, offset: character + 1 });
    const { body } = await new Promise<Answer>((resolve) => this.#pending.set(seq, resolve));
    return ((body ?? []) as readonly FileSpan[]).map((found) => `${found.file}:${found.start.line}`);
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#send("exit", undefined);
    await ended;
  }

  #send(command: string, args: unknown): number {
    const seq = ++this.#last;
    this.#child.stdin.write(`${JSON.stringify({ seq, type: "request", command, arguments: args })}\n`);
    return seq;
  }

  /** Every message is one line; the headers between them are not needed. */
  #read(chunk: string): void {
    this.#text += chunk;
    const lines = this.#text.split("\n");
    this.#text = lines.pop() ?? "";
    for (const line of lines.filter((each) => each.startsWith("{"))) {
      const answer = JSON.parse(line) as Answer;
      this.#pending.get(answer.request_seq ?? 0)?.(answer);
      this.#pending.delete(answer.request_seq ?? 0);
    }
  }
}
