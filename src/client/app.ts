import type { Contract } from "../generated/index.ts";
import type { TaskRegistry } from "../generated/index.ts";
import type { ImmutableSignature } from "../signature/index.ts";
import type { AsyncResult } from "./async-result.ts";
import type { ApplyOptions } from "./remote-task.ts";

type ArgsOf<T> = T extends { readonly "~args"?: infer A extends readonly unknown[] | undefined } ? A : never;
type ResultOf<T> = T extends { readonly "~result"?: (() => infer R) | undefined } ? R : never;
export interface App {
  remote<R>(contract: Contract<R>): R;
  worker<H>(contract: Contract<unknown, H>, handlers: NoInfer<H>): void;
  send<R>(signature: ImmutableSignature<R>): Promise<AsyncResult<R>>;
  sendTask<N extends keyof TaskRegistry>(name: N, args: ArgsOf<TaskRegistry[N]>, options?: ApplyOptions<ResultOf<TaskRegistry[N]>>): Promise<AsyncResult<ResultOf<TaskRegistry[N]>>>;
}
