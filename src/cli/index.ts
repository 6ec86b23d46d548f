/** What a package needs to contribute commands to `ligature`: `@ligature/codegen` does so. */
export {
  defineCommand,
  UsageError,
  type Argument,
  type Command,
  type CommandGroup,
  type ListOption,
  type Options,
  type OptionValues,
  type RunnableCommand,
  type SwitchOption,
  type Terminal,
  type TextOption,
} from "./command.ts";
