import { parseArgs, type ParseArgsConfig } from "node:util";
import { UsageError } from "./command.ts";

/** Command line arguments, or one line that says what is wrong with them. @throws UsageError */
export function parseArguments<const T extends NonNullable<ParseArgsConfig["options"]>>(
  command: string,
  args: readonly string[],
  options: T,
): ReturnType<typeof parseArgs<{ args: string[]; allowPositionals: true; options: T }>> {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    // parseArgs explains at length what `--` is for; the first sentence says what is wrong.
    const [first = "wrong arguments"] = (error as Error).message.split(". ");
    throw new UsageError(`${first.replace(/\.$/, "")}. See ligature ${command} --help.`);
  }
}
