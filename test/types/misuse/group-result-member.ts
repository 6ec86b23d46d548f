// A member that the group doesn't have.
import { processing } from "@example/processing";
import { group, type App } from "ligature";

declare const app: App;

const sent = await app.send(group(processing.processFile.si("a.csv"), processing.processFile.si("b.csv")));
export const third = await sent.results[2].get();
