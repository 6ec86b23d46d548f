import type { App } from "./app.ts";
import type { AppOptions } from "./app-options.ts";

/**
 * Creates an app. Connecting starts at once, in the background, and goes on by itself.
 * @throws LigatureError `INVALID_OPTION` for unknown or wrong options.
 */
export function createApp(options: AppOptions): App {
  throw new Error(String(options));
}
