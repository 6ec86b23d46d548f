/** `ligature docs`: manifests, and reports of `ligature usage`, in; a catalogue as Markdown and as one HTML page out. */
export { catalogueFiles, type CatalogueOptions } from "./catalogue-files.ts";
export { UsageFacts } from "./usage-facts.ts";
