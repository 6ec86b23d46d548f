/** Reading CSV files. Knows nothing of tasks and brokers. */
export { describeFile, type DescribeOptions, type FileDescription } from "./describe-file.ts";
export { inspectFile } from "./inspect-file.ts";
export { lineAt } from "./lines.ts";
export { Malformed } from "./malformed.ts";
