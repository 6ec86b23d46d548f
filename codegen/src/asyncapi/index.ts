/** `ligature asyncapi`: contracts as an AsyncAPI document, from their manifests. */
export { asyncApi, type AsyncApiInfo } from "./document.ts";
