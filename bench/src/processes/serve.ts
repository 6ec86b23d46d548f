/** What a child process can be asked to do, by name. Parameters and results pass as JSON. */
export type Commands = Readonly<Record<string, (...parameters: never) => Promise<unknown>>>;

export interface Order {
  readonly id: number;
  readonly command: string;
  readonly parameters: readonly unknown[];
}

export interface Reply {
  readonly id: number;
  readonly result?: unknown;
  /** The stack of what the command threw. */
  readonly error?: string;
}

/** The child's side: carries out orders until the parent lets go. */
export function serve(commands: Commands): void {
  process.on("message", ({ id, command, parameters }: Order) => {
    const run = commands[command] as ((...parameters: readonly unknown[]) => Promise<unknown>) | undefined;
    Promise.resolve()
      .then(() => {
        if (run === undefined) throw new Error(`There is no command ${command}.`);
        return run(...parameters);
      })
      .then(
        (result) => reply({ id, result }),
        (error: unknown) => reply({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
      );
  });
  process.on("disconnect", () => process.exit());
}

function reply(message: Reply): void {
  process.send?.(message);
}
