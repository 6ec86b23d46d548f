import type { FileRecord, ImportRecord } from "@example/catalog";
import { describe, expect, test } from "vitest";
import { fileLine } from "../../examples/dist/run/file-line.js";
import type { FileStatus } from "../../examples/dist/run/follow.js";
import type { ImportStatus } from "../../examples/dist/run/follow-import.js";
import { formatBytes, formatDuration, formatNumber, paintFor, printable } from "../../examples/dist/run/format.js";
import { importLine } from "../../examples/dist/run/import-line.js";
import { LiveDisplay } from "../../examples/dist/run/live-display.js";
import { PlainDisplay } from "../../examples/dist/run/plain-display.js";
import { fileTable, importTable, noticeTable, refusalTable, summary } from "../../examples/dist/run/report.js";
import { fakeTerminal } from "../support/fake-terminal.ts";

const paint = paintFor({});
const line = (status: FileStatus, width = 80): string => fileLine(status, { paint, width, labelWidth: 12, spinner: "~" });

const record: FileRecord = { id: 1, path: "/disk/a.csv", state: "PENDING", addedAt: new Date(0) };
const status = (change: Partial<FileRecord> = {}, more: Partial<FileStatus> = {}): FileStatus => ({
  file: { path: "/disk/a.csv", label: "a.csv" },
  record: { ...record, ...change },
  problem: undefined,
  elapsed: 1234,
  ...more,
});
const success = status({
  state: "SUCCESS",
  rows: 335_000,
  bytes: 20_020_107,
  checksum: "351542d06fa85522",
  columns: [
    { name: "id", type: "integer", empty: 0, min: 1, max: 335_000, mean: 167_500.5 },
    { name: "name", type: "text", empty: 3 },
  ],
});
const failure = status({ state: "FAILED", bytes: 101, reason: "line 3: not valid UTF-8; save the file as UTF-8" });
const half = status({ state: "PROCESSING", progress: { bytes: 50, totalBytes: 100, rows: 1234 } });

const importRecord: ImportRecord = {
  id: 7,
  folder: "/disk/in",
  state: "RUNNING",
  files: { pending: 200, processing: 0, success: 0, failed: 0 },
  rows: 0,
  bytes: 0,
  refused: [],
  addedAt: new Date(0),
};
const folder = { path: "/disk/in", label: "in" };
const imported = (change: Partial<ImportRecord> = {}, more: Partial<ImportStatus> = {}): ImportStatus => ({
  folder,
  record: { ...importRecord, ...change },
  problem: undefined,
  elapsed: 1234,
  ...more,
});
const refusal = (fileId: number, reason: string) => ({ fileId, path: `/disk/in/${fileId}.csv`, reason });
const importRunning = imported({ files: { pending: 90, processing: 10, success: 98, failed: 2 }, rows: 1234, bytes: 5000 });
const importSuccess = imported({
  state: "SUCCESS",
  files: { pending: 0, processing: 0, success: 200, failed: 0 },
  rows: 12_345,
  bytes: 600_000,
  finishedAt: new Date(1),
});
const importFailure = imported({
  state: "FAILED",
  files: { pending: 0, processing: 0, success: 198, failed: 2 },
  rows: 12_300,
  bytes: 590_000,
  reason: "17.csv: line 3: expected 2 cells, found 1",
  refused: [refusal(17, "line 3: expected 2 cells, found 1"), refusal(34, "line 1: the file is empty")],
  finishedAt: new Date(1),
});
const { finishedAt } = importFailure.record ?? {};

describe("a folder in one line", () => {
  const folderLine = (given: ImportStatus, width = 80): string =>
    importLine(given, { paint, width, labelWidth: 6, spinner: "~" });

  test.for<[string, ImportStatus]>([
    ["  ~ in      handing it to the catalog", imported({}, { record: undefined })],
    ["  ~ in      ────────────────────────   0 %  0 of 200 files", imported()],
    ["  ~ in      ━━━━━━━━━━━━────────────  50 %  100 of 200 files · 2 refused", importRunning],
    // The others are still on their way.
    [
      "  ~ in      ━━━━━━━━━━━━────────────  50 %  100 of 200 files · 2 refused",
      { ...importRunning, record: { ...(importRunning.record ?? importRecord), state: "FAILED", finishedAt } },
    ],
    ["  ✔ in      200 files · 12,345 rows · 600.0 kB · 1.2 s", importSuccess],
    ["  ✘ in      200 files · 2 refused · 12,300 rows · 590.0 kB · 1.2 s", importFailure],
    ["  ? in      not finished: interrupted", imported({}, { problem: "interrupted" })],
  ])("%s", ([expected, given]) => {
    expect(folderLine(given)).toBe(expected);
  });

  test("fits the terminal", () => {
    expect(folderLine(importFailure, 30)).toBe("  ✘ in      200 files · 2 re…");
  });
});

describe("a file in one line", () => {
  test.for<[string, FileStatus]>([
    ["  ~ a.csv         handing it to the catalog", status({}, { record: undefined })],
    ["  ~ a.csv         waiting for processing", status()],
    ["  ~ a.csv         ━━━━━━━━━━━━────────────  50 %  1,234 rows", half],
    ["  ✔ a.csv         335,000 rows · 20.0 MB · 2 columns · 1.2 s", success],
    ["  ✘ a.csv         line 3: not valid UTF-8; save the file as UTF-8 · 1.2 s", failure],
    ["  ? a.csv         not finished: interrupted", status({}, { problem: "interrupted" })],
  ])("%s", ([expected, given]) => {
    expect(line(given)).toBe(expected);
  });

  test("fits the terminal", () => {
    expect(line(failure, 40)).toBe("  ✘ a.csv         line 3: not valid UT…");
    expect(line(status({}, { file: { path: "/p", label: "a-very-long-name-indeed.csv" } }))).toContain("a-very…d.csv");
    expect(line(status({}, { file: { path: "/p", label: "日本語の名前.csv" } }))).toBe(
      "  ~ 日本語….csv   waiting for processing",
    );
  });

  test("can't be made to command the terminal", () => {
    const text = line(status({ state: "FAILED", reason: 'two columns are called "\u001b[2J\u001b]0;x\u0007\nx"' }));
    expect(text).not.toMatch(/[\u0000-\u001f]/);
  });
});

describe("numbers", () => {
  test.for([
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1.0 kB"],
    [20_020_107, "20.0 MB"],
    [5e12, "5.0 TB"],
  ] as const)("%d bytes: %s", ([bytes, text]) => expect(formatBytes(bytes)).toBe(text));

  test.for([
    [0, "0"],
    [-15, "-15"],
    [39.99, "39.99"],
    [0.012345, "0.01235"],
    [167_500.5, "167,500.5"],
    [335_000, "335,000"],
  ] as const)("%d: %s", ([value, text]) => expect(formatNumber(value)).toBe(text));

  test.for([
    [49, "0.0 s"],
    [12_345, "12.3 s"],
    [125_000, "2 min 5 s"],
  ] as const)("%d ms: %s", ([milliseconds, text]) => expect(formatDuration(milliseconds)).toBe(text));

  test("control characters become blanks", () => expect(printable("a\u001b[31mb\r\nc")).toBe("ab c"));
});

describe("the report", () => {
  test("a table that fits", () => {
    expect(`\n${fileTable([success, failure, status({}, { problem: "interrupted" })], { paint, width: 100 })}\n`)
      .toMatchInlineSnapshot(`
      "
      ┌───────┬─────────┬─────────┬─────────┬──────────┬─────────────────────────────────────────────────┐
      │ file  │ state   │    rows │    size │ SHA-256  │ columns, or why not                             │
      ├───────┼─────────┼─────────┼─────────┼──────────┼─────────────────────────────────────────────────┤
      │ a.csv │ SUCCESS │ 335,000 │ 20.0 MB │ 351542d0 │ id    integer  1 to 335,000, mean 167,500.5     │
      │       │         │         │         │          │ name  text     3 empty                          │
      ├───────┼─────────┼─────────┼─────────┼──────────┼─────────────────────────────────────────────────┤
      │ a.csv │ FAILED  │         │   101 B │          │ line 3: not valid UTF-8; save the file as UTF-8 │
      ├───────┼─────────┼─────────┼─────────┼──────────┼─────────────────────────────────────────────────┤
      │ a.csv │ PENDING │         │         │          │ not finished: interrupted                       │
      └───────┴─────────┴─────────┴─────────┴──────────┴─────────────────────────────────────────────────┘
      "
    `);
  });

  test("a table that fits a narrow terminal: what is too wide for its place goes below", () => {
    const long = status(
      { state: "FAILED", reason: "line 3: expected 2 cells, found 1" },
      { file: { path: "/p", label: "exports/of-the-year/2025.csv" } },
    );
    expect(`\n${fileTable([success, long, status({}, { record: undefined })], { paint, width: 60 })}\n`).toMatchInlineSnapshot(`
      "
      ┌─────────────────┬─────────┬─────────┬─────────┬──────────┐
      │ file            │ state   │    rows │    size │ SHA-256  │
      ├─────────────────┼─────────┼─────────┼─────────┼──────────┤
      │ a.csv           │ SUCCESS │ 335,000 │ 20.0 MB │ 351542d0 │
      ├─────────────────┴─────────┴─────────┴─────────┴──────────┤
      │ id    integer  1 to 335,000, mean 167,500.5              │
      │ name  text     3 empty                                   │
      ├─────────────────┬─────────┬─────────┬─────────┬──────────┤
      │ exports…025.csv │ FAILED  │         │         │          │
      ├─────────────────┴─────────┴─────────┴─────────┴──────────┤
      │ line 3: expected 2 cells, found 1                        │
      ├─────────────────┬─────────┬─────────┬─────────┬──────────┤
      │ a.csv           │ unknown │         │         │          │
      └─────────────────┴─────────┴─────────┴─────────┴──────────┘
      "
    `);
  });

  test("no table is wider than its terminal", () => {
    for (const width of [60, 80, 100, 120]) {
      for (const label of ["a.csv", "x".repeat(70)]) {
        const table = fileTable([success, { ...failure, file: { path: "/p", label } }], { paint, width });
        expect(Math.max(...table.split("\n").map((text) => text.length))).toBeLessThanOrEqual(width);
      }
    }
  });

  test("who was told what", () => {
    const notices = [
      { key: "1", recipient: "ana", text: "a.csv is in the catalog: 2 rows", sentAt: new Date(2025, 5, 1, 9, 5, 3) },
    ];
    expect(`\n${noticeTable(notices, { paint, width: 100 })}\n`).toMatchInlineSnapshot(`
      "
      ┌──────┬──────────┬─────────────────────────────────┐
      │ told │ at       │ what                            │
      ├──────┼──────────┼─────────────────────────────────┤
      │ ana  │ 09:05:03 │ a.csv is in the catalog: 2 rows │
      └──────┴──────────┴─────────────────────────────────┘
      "
    `);
  });

  test("folders, and which of their files were refused", () => {
    const options = { paint, width: 110 };
    const all = [importSuccess, importFailure, imported({}, { problem: "interrupted" }), imported({}, { record: undefined })];
    expect(`\n${importTable(all, options)}\n${refusalTable(all, options)}\n`).toMatchInlineSnapshot(`
      "
      ┌────────────┬─────────┬───────┬──────────┬─────────┬────────┬──────────┐
      │ folder     │ state   │ files │ accepted │ refused │   rows │     size │
      ├────────────┼─────────┼───────┼──────────┼─────────┼────────┼──────────┤
      │ in         │ SUCCESS │   200 │      200 │       0 │ 12,345 │ 600.0 kB │
      │ in         │ FAILED  │   200 │      198 │       2 │ 12,300 │ 590.0 kB │
      │ 17.csv: line 3: expected 2 cells, found 1                             │
      │ in         │ RUNNING │   200 │        0 │       0 │      0 │      0 B │
      │ not finished: interrupted                                             │
      │ in         │ unknown │       │          │         │        │          │
      └────────────┴─────────┴───────┴──────────┴─────────┴────────┴──────────┘
      ┌───────────┬───────────────────────────────────┐
      │ refused   │ why                               │
      ├───────────┼───────────────────────────────────┤
      │ in/17.csv │ line 3: expected 2 cells, found 1 │
      │ in/34.csv │ line 1: the file is empty         │
      └───────────┴───────────────────────────────────┘
      "
    `);
    expect(refusalTable([importSuccess], options)).toBeUndefined();
  });

  test("not more refused files than can be read: the others are counted", () => {
    const refused = Array.from({ length: 100 }, (_, index) => refusal(index, "line 1: the file is empty"));
    const many = imported({
      state: "FAILED",
      files: { pending: 0, processing: 0, success: 0, failed: 1200 },
      refused,
      finishedAt,
    });
    const lines = refusalTable([many], { paint, width: 100 })?.split("\n") ?? [];
    expect(lines.filter((text) => text.includes("the file is empty"))).toHaveLength(20);
    expect(lines.at(-2)).toMatch(/^│ and 1,180 more +│ +│$/);
  });

  test("no table of folders is wider than its terminal", () => {
    for (const width of [80, 100, 120]) {
      for (const table of [importTable([importFailure], { paint, width }), refusalTable([importFailure], { paint, width })]) {
        expect(Math.max(...(table ?? "").split("\n").map((text) => text.length))).toBeLessThanOrEqual(width);
      }
    }
  });

  test("one line for folders and files", () => {
    expect(summary([success], [importSuccess, importFailure], { start: 500, run: 2500 })).toBe(
      "401 files, 21.2 MB: 399 accepted, 2 refused. 2.5 s, after 0.5 s for the services to start.",
    );
    expect(summary([], [importRunning, imported({}, { record: undefined })], { start: undefined, run: 2500 })).toBe(
      "200 files, 5.0 kB: 98 accepted, 2 refused, 100 not finished, 1 folder not imported. 2.5 s.",
    );
  });

  test("one line for everything", () => {
    expect(summary([success, failure], [], { start: 500, run: 2500 })).toBe(
      "2 files, 20.0 MB: 1 accepted, 1 refused. 2.5 s, after 0.5 s for the services to start.",
    );
    expect(summary([status()], [], { start: undefined, run: 2500 })).toBe(
      "1 file, 0 B: 0 accepted, 0 refused, 1 not finished. 2.5 s.",
    );
  });
});

describe("without a terminal", () => {
  test("a line for each quarter, one for the end, no colours", () => {
    const { stream, written } = fakeTerminal({ isTTY: false });
    const display = new PlainDisplay(stream);
    const { file } = success;
    display.begin("Starting");
    display.expect({ files: [file], folders: [] });
    for (let bytes = 0; bytes <= 100; bytes += 5) {
      display.update({
        ...half,
        file,
        record: { ...record, state: "PROCESSING", progress: { bytes, totalBytes: 100, rows: bytes } },
      });
    }
    display.update(success);
    display.close();
    expect(written()).toBe(
      "Starting\n    a.csv: 25 %, 25 rows\n    a.csv: 50 %, 50 rows\n    a.csv: 75 %, 75 rows\n    a.csv: 100 %, 100 rows\n" +
        "  ✔ a.csv     335,000 rows · 20.0 MB · 2 columns · 1.2 s\n",
    );
  });
});

describe("a folder of many files", () => {
  const steps = [
    imported({}, { record: undefined }),
    imported(),
    imported({ files: { pending: 150, processing: 0, success: 49, failed: 1 }, refused: [refusal(34, "line 1: empty")] }),
    imported({ files: { pending: 149, processing: 0, success: 50, failed: 1 }, refused: [refusal(34, "line 1: empty")] }),
    imported({
      state: "FAILED",
      files: { pending: 20, processing: 0, success: 178, failed: 2 },
      refused: [refusal(17, "line 3: \u001b[2Jno"), refusal(34, "line 1: empty")],
      finishedAt,
    }),
    importFailure,
  ];

  test("without a terminal: a line for each quarter, each refused file, and the end", () => {
    const { stream, written } = fakeTerminal({ isTTY: false });
    const display = new PlainDisplay(stream);
    display.expect({ files: [], folders: [folder] });
    for (const step of steps) display.updateImport(step);
    display.close();
    expect(written()).toBe(
      "  ✘ in/34.csv  line 1: empty\n    in: 25 %, 50 of 200 files\n  ✘ in/17.csv  line 3: no\n    in: 75 %, 180 of 200 files\n" +
        "  ✘ in        200 files · 2 refused · 12,300 rows · 590.0 kB · 1.2 s\n",
    );
  });

  test("on a terminal: one line that changes, below the refused ones", () => {
    const { stream, screen } = fakeTerminal({ isTTY: true, columns: 80, rows: 10 });
    const display = new LiveDisplay(stream);
    try {
      display.expect({ files: [], folders: [folder] });
      for (const step of steps.slice(0, 5)) display.updateImport(step);
      display.log("catalog │ a line");
      expect(screen()).toMatch(
        /^ {2}✘ in\/34\.csv {2}line 1: empty\n {2}✘ in\/17\.csv {2}line 3: no\ncatalog │ a line\n {2}. in {8}━+─+ {2}90 % {2}180 of 200 files · 2 refused$/,
      );
      display.updateImport(importFailure);
    } finally {
      display.close();
    }
    expect(screen()).toBe(
      "  ✘ in/34.csv  line 1: empty\n  ✘ in/17.csv  line 3: no\ncatalog │ a line\n" +
        "  ✘ in        200 files · 2 refused · 12,300 rows · 590.0 kB · 1.2 s",
    );
  });
});

describe("on a terminal", () => {
  test("shows what changes below what stays, and leaves nothing of it", () => {
    const { stream, screen } = fakeTerminal({ isTTY: true, columns: 80, rows: 10 });
    const display = new LiveDisplay(stream);
    const other = status({}, { file: { path: "/disk/b.csv", label: "b.csv" } });
    try {
      display.begin("Starting catalog");
      expect(screen()).toMatch(/^ {2}. Starting catalog {2}\d\.\d s$/);
      display.expect({ files: [success.file, other.file], folders: [] });
      display.update(other);
      display.log("catalog │ a line");
      expect(screen()).toMatch(/^catalog │ a line\n {2}. b\.csv {5}waiting for processing\n {4}0 of 2 files · \d\.\d s$/);
      display.update(success);
      expect(screen()).toMatch(
        /^catalog │ a line\n {2}✔ a\.csv {5}335,000 rows · 20\.0 MB · 2 columns · 1\.2 s\n {2}. b\.csv {5}waiting for processing\n {4}1 of 2 files · \d\.\d s$/,
      );
    } finally {
      display.close();
    }
    expect(screen()).toBe("catalog │ a line\n  ✔ a.csv     335,000 rows · 20.0 MB · 2 columns · 1.2 s");
  });
});
