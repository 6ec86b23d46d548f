import { contract, task } from "ligature/contract";
import { z } from "zod";

/** A folder and what is in it. */
export const Folder = z.object({
  name: z.string(),
  get folders() {
    return z.array(Folder);
  },
  get parent() {
    return Folder.optional();
  },
});

/** Two that contain each other, one of them with a default inside. */
export const Question = z.object({
  text: z.string().default("?"),
  get answers() {
    return z.record(z.string(), Answer);
  },
});
export const Answer = z.object({
  text: z.string(),
  get leadsTo() {
    return Question.nullable();
  },
});

export const Json = z.json();

/** Through a Set and a Map, which JSON Schema has no words for. */
export const Graph = z.object({
  get neighbours() {
    return z.set(Graph);
  },
  get byName() {
    return z.map(z.string(), Graph);
  },
});

export const trees = contract("trees", {
  tasks: {
    walk: task({ params: { root: Folder }, returns: z.array(Folder) }),
    ask: task({ params: { question: Question }, returns: Answer }),
    store: task({ params: { value: Json }, returns: Graph }),
  },
});
