import { contract, task } from "ligature/contract";
import { z } from "zod";

/**
 * A file somewhere.
 *
 * With a second paragraph, and a list:
 * - one
 *   - nested
 */
export const File = z.object({
  /** Absolute. */
  path: z.string(),
  size: z.number().describe("In bytes.").optional(),
  /**
   * Who may read it.
   * @deprecated use `acl`
   */
  mode: z.number().optional(),
  nested: z.object({
    /** Deep inside. */
    flag: z.boolean(),
  }),
});

// Not a doc comment.
export const Plain = z.object({ a: z.string().describe("ends */ here") });

/** Everything about files. */
export const files = contract("files", {
  tasks: {
    /**
     * Copies a file.
     *
     * Takes long for large ones.
     * @param from where it is
     * @param to where it goes
     * @returns the copy
     */
    copy: task({ params: { from: z.string(), to: z.string() }, returns: File }),
    /** @deprecated since 2.0, use {@link copy} */
    move: task({ params: { file: File.extend({ /** Added here. */ note: z.string() }) } }),
    /* Not a doc comment. */
    check: task({ params: { file: Plain } }),
  },
});
