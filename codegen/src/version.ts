import { readFileSync } from "node:fs";

interface PackageJson {
  readonly name: string;
  readonly version: string;
}

const packageJson = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as PackageJson;

/** This package's version, which is ligature's too. */
export const version: string = packageJson.version;

/** `@ligature/codegen@<version>`: stands in every generated file, and is part of what a file is made from. */
export const generator: string = `${packageJson.name}@${packageJson.version}`;
