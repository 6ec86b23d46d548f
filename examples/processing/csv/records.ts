import { CsvError, parse, type Parser } from "csv-parse";
import { maxLength, readLines, type ReadOptions } from "./lines.ts";
import { Malformed } from "./malformed.ts";

export interface RecordOptions extends ReadOptions {
  readonly delimiter: string;
  /** Called for each record, in order, with the byte offset at which it starts. What it throws ends the reading. */
  readonly onRecord: (cells: readonly string[], offset: number) => void;
  /** Called after each piece of the file, with its bytes. Reading ends when it returns false. */
  readonly onPiece: (bytes: Buffer) => boolean;
}

/**
 * Reads the records of a CSV file (RFC 4180). Memory does not grow with the file.
 * @throws Malformed for the first thing in the file that is wrong
 */
export async function readRecords(path: string, { delimiter, onRecord, onPiece, ...reading }: RecordOptions): Promise<void> {
  const parser = new RecordParser(delimiter, onRecord);
  try {
    for await (const lines of readLines(path, reading)) {
      await parser.write(lines);
      if (!onPiece(lines)) return;
    }
  } catch (error) {
    // What the reader stumbled on lies behind everything that it handed out.
    if (error instanceof Malformed) await parser.flush();
    throw error;
  }
  await parser.end();
}

/** csv-parse, with awaitable writes and errors that say where. */
class RecordParser {
  readonly #parser: Parser;
  /** Where the record that is being read starts. */
  #offset = 0;
  #failed = false;

  constructor(delimiter: string, onRecord: RecordOptions["onRecord"]) {
    this.#parser = parse({
      bom: true,
      delimiter,
      record_delimiter: ["\r\n", "\n", "\r"],
      relax_column_count: true,
      max_record_size: maxLength,
      on_record: (cells: readonly string[], { bytes }) => {
        onRecord(cells, this.#offset);
        this.#offset = bytes;
        // Nothing flows on, so nothing piles up.
        return null;
      },
    });
    // Each error reaches the callback of the write that caused it; without a listener it would end the process, too.
    this.#parser.on("error", () => {});
  }

  write(bytes: Buffer): Promise<void> {
    return this.#settled((done) => this.#parser.write(bytes, done));
  }

  end(): Promise<void> {
    return this.#settled((done) => this.#parser.end(done));
  }

  /** Parses the few bytes that csv-parse holds back to look ahead. An open quote is no error: more was to come. */
  async flush(): Promise<void> {
    if (this.#failed) return;
    try {
      await this.end();
    } catch (error) {
      if (!(error instanceof Malformed && isCsvError(error.cause) && error.cause.code === "CSV_QUOTE_NOT_CLOSED")) throw error;
    }
  }

  #settled(act: (done: (error?: Error | null) => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      act((error) => {
        if (!error) return resolve();
        this.#failed = true;
        reject(isCsvError(error) ? explained(error) : error);
      });
    });
  }
}

function isCsvError(error: unknown): error is CsvError {
  return error instanceof CsvError;
}

function explained(error: CsvError): Error {
  // n.b. csv-parse counts a CRLF in quotes as two lines, but bytes right: here they are where the cell in question starts.
  const offset = Number(error["bytes"]);
  switch (error.code) {
    case "CSV_QUOTE_NOT_CLOSED":
      return new Malformed(offset, "a quote is opened and never closed", { cause: error });
    case "CSV_INVALID_CLOSING_QUOTE":
      return new Malformed(offset, "text follows the closing quote of a cell that starts here", { cause: error });
    case "INVALID_OPENING_QUOTE":
      return new Malformed(offset, 'a stray quote; a cell with quotes is written "like ""this"""', { cause: error });
    case "CSV_MAX_RECORD_SIZE":
      return new Malformed(offset, "a record longer than 1 MiB; is the quote that opens here ever closed?", { cause: error });
    default:
      return error;
  }
}
