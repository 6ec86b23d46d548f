/** Reading CSV files. Knows nothing of tasks and brokers. */
export { describeFile, type DescribeOptions } from "./describe-file.ts";
export { inspectFile } from "./inspect-file.ts";
export { lineAt } from "./lines.ts";
export { Malformed } from "./malformed.ts";
