// Another result than that of the group's second task.
import { notifications } from "@example/notifications";
import { processing } from "@example/processing";
import type { App } from "ligature";

declare const app: App;
declare const json: unknown;

const [, second] = await app.attachGroup([processing.processFile, notifications.notify], json).get();
export const text: string = second;
