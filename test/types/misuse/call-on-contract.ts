// A contract's task, called by itself: it needs an app.
import { processing } from "@example/processing";

await processing.processFile("a.csv");
