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

function helper(): void {}
helper();

/** In bytes, of a {@link file} or of {@link File}; {@link size} itself. */
export const size = z.number();

/** Everything about files, such as {@link copy}. */
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
    /**
     * Joins files, see {@link copy}, {@link files.move}, {@link File.path | their paths} and {@link https://example.com the manual};
     * not {@link helper}, {@linkcode helper.inner} or {@link nobody | nobody's}.
     * @param parts what to join, in order
     * @example
     * ```ts
     * await remote.join(["a", "b"], "c"); // {@link File}
     * ```
     * @see {@link Size}
     */
    join: task({
      params: {
        /** Documented twice. */
        parts: z.array(z.string()),
        /**
         * Where the result goes, a {@link File}.
         * @deprecated leave it out
         */
        to: z.string().optional(),
        mode: z.number().describe("As in {@link chmod}.").optional(),
      },
      returns: size,
      errors: {
        /** Nothing to join, or {@link Plain}. */
        Empty: z.object({ /** How {@link join | many}. */ count: z.number() }),
      },
    }),
  },
});
