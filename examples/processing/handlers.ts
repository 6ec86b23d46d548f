import { processing, type ProcessingHandlers } from "@example/processing";
import { describeFile, inspectFile, lineAt, Malformed } from "./csv/index.ts";

export interface HandlerOptions {
  /** Reads each file no faster than this. @default no limit */
  readonly bytesPerSecond?: number | undefined;
}

/** The service's side of its contract: where files meet tasks. */
export function createHandlers({ bytesPerSecond }: HandlerOptions): ProcessingHandlers {
  return {
    async inspectFile(path, ctx) {
      return answeringWrongFormat(path, () => inspectFile(path, { signal: ctx.signal }));
    },

    async processFile(path, options, ctx) {
      const { strict, delimiter } = options ?? { strict: false, delimiter: "," };
      const description = await answeringWrongFormat(path, () =>
        describeFile(path, {
          strict,
          delimiter,
          bytesPerSecond,
          signal: ctx.signal,
          onProgress: (progress) => ctx.progress(progress),
        }),
      );
      ctx.log.info({ rows: description.rows, path }, "file processed");
      return { path, ...description, finishedAt: new Date() };
    },
  };
}

/** A malformed file is an answer that the contract declares. Anything else, such as a disk error, is worth a retry. */
async function answeringWrongFormat<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const line = await lineAt(path, error.offset);
    throw new processing.errors.WrongFormat({ line, reason: error.reason }, { cause: error });
  }
}
