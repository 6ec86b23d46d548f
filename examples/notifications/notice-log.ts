import { appendFile, readFile } from "node:fs/promises";
import type { Notice, SentNotice } from "@example/notifications";
import { Notice as NoticeSchema } from "@example/notifications/contract";

/** Who was told what: a file with one JSON object a line, read once and then only appended to. */
export class NoticeLog {
  readonly #file: string;
  readonly #notices: SentNotice[] = [];
  /** Numbers, from 1, by key. */
  readonly #numbers = new Map<string, number>();
  #lastTurn: Promise<unknown> = Promise.resolve();

  private constructor(file: string) {
    this.#file = file;
  }

  static async open(file: string): Promise<NoticeLog> {
    const log = new NoticeLog(file);
    const text = await readIfExists(file);
    for (const line of text.split("\n")) {
      const notice = parseLine(line);
      if (notice !== undefined) log.#remember(notice);
    }
    // Whoever was killed while writing left half a line; the next notice begins on a line of its own.
    if (text !== "" && !text.endsWith("\n")) await appendFile(file, "\n");
    return log;
  }

  /** Records a notice unless its key is known. Resolves with its number once it is in the file. */
  add(notice: Notice): Promise<number> {
    return this.#inTurn(async () => {
      const known = this.#numbers.get(notice.key);
      if (known !== undefined) return known;
      const sent = { ...notice, sentAt: new Date() };
      await appendFile(this.#file, `${JSON.stringify(sent)}\n`);
      return this.#remember(sent);
    });
  }

  /** Oldest first. */
  list(filter: { readonly recipient?: string | undefined; readonly since?: Date | undefined } = {}): Promise<SentNotice[]> {
    const { recipient, since } = filter;
    return this.#inTurn(async () =>
      this.#notices.filter(
        (notice) =>
          (recipient === undefined || notice.recipient === recipient) && (since === undefined || notice.sentAt >= since),
      ),
    );
  }

  #remember(notice: SentNotice): number {
    const number = this.#notices.push(notice);
    this.#numbers.set(notice.key, number);
    return number;
  }

  /** One after the other, so that a key is never written twice and a list knows all that was added before. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#lastTurn.then(work);
    this.#lastTurn = turn.catch(() => {});
    return turn;
  }
}

async function readIfExists(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}

/** Undefined for what is no notice, such as half a line. */
function parseLine(line: string): SentNotice | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const notice = NoticeSchema.parse(value);
    return { ...notice, sentAt: new Date((value as { sentAt: string }).sentAt) };
  } catch {
    return undefined;
  }
}
