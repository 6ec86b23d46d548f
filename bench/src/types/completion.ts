import { join } from "node:path";
import { median } from "../statistics.ts";
import { LanguageServer } from "./language-server.ts";
import type { Scratch } from "./scratch.ts";

/** Milliseconds until completion answers, each time right after an edit. */
export interface Completion {
  /** After `client.`: one name for each contract. */
  readonly contracts: number;
  /** After `client.m0.`: one name for each task. */
  readonly tasks: number;
}

const edits = 9;

/** @throws Error when completion doesn't offer what is there */
export async function completionOf(folder: Scratch): Promise<Completion> {
  const { dir } = folder;
  const file = join(dir, "calls", "editor.ts");
  const head = 'import { client } from "../client.js";\n\n';
  folder.write({ "calls/editor.ts": head });
  const server = new LanguageServer(dir);
  try {
    await server.open(dir, file, head);
    let version = 1;
    const latency = async (typed: string, offered: string): Promise<number> => {
      const times: number[] = [];
      // The first answer includes reading the whole program, and is no keystroke's.
      for (let edit = -1; edit < edits; edit++) {
        server.change(file, ++version, `${head}export const edited${version} = 1;\n${typed}\n`);
        const started = performance.now();
        const names = await server.completion(file, 3, typed.length);
        if (edit >= 0) times.push(performance.now() - started);
        if (!names.includes(offered)) throw new Error(`Completion after "${typed}" doesn't offer ${offered}.`);
      }
      return median(times);
    };
    return { contracts: await latency("client.", "m1"), tasks: await latency("client.m0.", "t1") };
  } finally {
    await server.close();
  }
}
