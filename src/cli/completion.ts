import type { Command as Completed, RootCommand } from "@bomb.sh/tab";
import { defineCommand, UsageError, type Command, type CommandGroup, type Options } from "./command.ts";

const shells = ["bash", "fish", "powershell", "zsh"];

/** Prints what makes a shell complete `ligature`. The shell then asks {@link suggest}, by `ligature complete -- <words>`. */
export const completeCommand: Command = defineCommand({
  name: "complete",
  summary: "print a script that makes your shell complete ligature's commands",
  arguments: [{ name: "shell", description: `${shells.slice(0, -1).join(", ")} or ${shells.at(-1)}`, required: true }],
  notes: `In ~/.bashrc, with the package bash-completion:  source <(ligature complete bash)
In ~/.zshrc:                                      source <(ligature complete zsh)
For fish:  ligature complete fish > ~/.config/fish/completions/ligature.fish`,
  async run({ arguments: [shell = ""] }) {
    if (!shells.includes(shell)) {
      throw new UsageError(`there is no completion for "${shell}", only for ${shells.join(", ")}. See ligature complete --help.`);
    }
    const { script } = await import("@bomb.sh/tab");
    script(shell, "ligature", "ligature");
    return 0;
  },
});

/** Prints what may follow the words that were typed so far, in the form that the script understands. */
export async function suggest(root: CommandGroup, words: readonly string[]): Promise<void> {
  const { RootCommand } = await import("@bomb.sh/tab");
  const completed = new RootCommand();
  add(completed, root.commands, "", root.options ?? {});
  completed.parse([...words]);
}

function add(root: RootCommand, commands: readonly Command[], prefix: string, shared: Options): void {
  for (const command of commands) {
    const path = prefix === "" ? command.name : `${prefix} ${command.name}`;
    const completed = root.command(path, command.summary);
    const options = { ...shared, ...command.options };
    for (const [name, option] of Object.entries(options)) addOption(completed, name, option);
    if ("commands" in command) add(root, command.commands, path, options);
    else for (const { name, many = false } of command.arguments ?? []) completed.argument(name, undefined, many);
  }
}

function addOption(completed: Completed, name: string, option: Options[string]): void {
  const { description, short } = option;
  if (option.type === "switch") {
    completed.option(name, description, short);
    return;
  }
  const choices = option.type === "text" ? (option.choices ?? []) : [];
  completed.option(name, description, (complete) => choices.forEach((choice) => complete(choice, "")), short);
}
