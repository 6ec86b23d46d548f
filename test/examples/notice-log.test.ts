import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { NoticeLog } from "../../examples/dist/notifications/notice-log.js";
import { temporaryFolder } from "../support/temporary-folder.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let file: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());
beforeEach(() => {
  file = join(folder.path, `${crypto.randomUUID()}.jsonl`);
});

const notice = (key: string, recipient = "ana") => ({ key, recipient, text: `about ${key}` });

test("numbers notices from one, and tells each key once", async () => {
  const log = await NoticeLog.open(file);
  expect(await Promise.all([log.add(notice("a")), log.add(notice("b")), log.add(notice("a"))])).toEqual([1, 2, 1]);
  expect((await log.list()).map(({ key }) => key)).toEqual(["a", "b"]);
});

test("a list knows all that was added before it, finished or not", async () => {
  const log = await NoticeLog.open(file);
  void log.add(notice("a"));
  expect(await log.list()).toMatchObject([notice("a")]);
});

test("remembers beyond the end of its process", async () => {
  const first = await NoticeLog.open(file);
  await first.add(notice("a"));
  await first.add(notice("b", "ben"));
  const second = await NoticeLog.open(file);
  expect(await second.list()).toEqual(await first.list());
  expect(await second.add(notice("b"))).toBe(2);
  expect(await second.add(notice("c"))).toBe(3);
});

test("lists one recipient's notices, and those since a moment", async () => {
  const log = await NoticeLog.open(file);
  await log.add(notice("a"));
  await log.add(notice("b", "ben"));
  const [, ben] = await log.list();
  expect(await log.list({ recipient: "ben" })).toEqual([ben]);
  expect(await log.list({ since: ben?.sentAt })).toContainEqual(ben);
  expect(await log.list({ since: new Date(Date.now() + 1000) })).toEqual([]);
});

test("half a line, left by a process that was killed, costs that notice only", async () => {
  await (await NoticeLog.open(file)).add(notice("a"));
  await appendFile(file, '{"key":"b","recip');
  const log = await NoticeLog.open(file);
  expect(await log.add(notice("b"))).toBe(2);
  expect((await (await NoticeLog.open(file)).list()).map(({ key }) => key)).toEqual(["a", "b"]);
  expect((await readFile(file, "utf8")).split("\n")).toHaveLength(4);
});

test("a notice that could not be written is not taken for told", async () => {
  const log = await NoticeLog.open(join(folder.path, "no-such-folder", "notices.jsonl"));
  await expect(log.add(notice("a"))).rejects.toThrow("ENOENT");
  await expect(log.add(notice("a"))).rejects.toThrow("ENOENT");
  expect(await log.list()).toEqual([]);
});
