// A misspelt option of an app.
import { createApp } from "ligature";

export const app = createApp({ name: "catalog", brokerUrl: "amqp://localhost" });
