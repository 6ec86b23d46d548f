import { fork, type ChildProcess } from "node:child_process";
import type { AppHealth } from "../../app/index.ts";
import { answerProbes, type Health } from "../../health/index.ts";
import { consoleLogger, jsonLogger, type Logger } from "../../logging/index.ts";
import { after, deferred, type Deferred, type Timer } from "../../timing/index.ts";
import type { HealthQuestion, Told } from "./supervised.ts";
import { placeVariable, type WorkerRequest } from "./worker-command.ts";

/** Milliseconds before a process that has failed is started again; doubled each time, */
const firstPause = 1000;
const longestPause = 30_000;
/** until one has been ready for so long. */
const steady = 60_000;
/** How long a process may take to say how it is. */
const healthTimeout = 4000;

/** Runs so many processes of this command until a signal ends them. Resolves with the exit code. */
export async function supervise(request: WorkerRequest, processes: number): Promise<number> {
  const log = (request.json ? jsonLogger : consoleLogger)(request.level).child({ supervisor: process.pid });
  const supervisor = new Supervisor(processes, log);
  const probes = request.health === undefined ? undefined : await answerProbes(() => supervisor.health(), request.health);
  if (probes !== undefined) log.info({ port: probes.port }, "answers probes at /livez and /readyz");
  const onEnd = (signal: NodeJS.Signals): void => supervisor.stop(signal);
  const onReload = (): void => void supervisor.reload();
  process.on("SIGTERM", onEnd).on("SIGINT", onEnd).on("SIGHUP", onReload);
  try {
    return await supervisor.run();
  } finally {
    process.off("SIGTERM", onEnd).off("SIGINT", onEnd).off("SIGHUP", onReload);
    await probes?.close();
  }
}

/** One process of a place, from its start to its end. */
class Member {
  readonly process: ChildProcess;
  readonly ready: Deferred<boolean> = deferred();
  readonly ended: Deferred<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }> = deferred();
  isReady = false;
  /** Epoch milliseconds. */
  readySince = 0;
  /** It is to end. */
  isLeaving = false;
  #asked: Deferred<readonly AppHealth[]> | undefined;

  constructor(place: number) {
    const [program = "", ...args] = process.argv.slice(1);
    this.process = fork(program, args, {
      // A group of its own: Ctrl+C reaches it by way of the supervisor only, or it would take it for the second signal.
      detached: true,
      env: { ...process.env, [placeVariable]: String(place) },
    });
    this.process.on("message", (told: Told) => this.#onTold(told));
    this.process.once("error", () => this.#onEnd(null, null));
    this.process.once("exit", (code, signal) => this.#onEnd(code, signal));
  }

  health(): Promise<readonly AppHealth[] | undefined> {
    this.#asked ??= deferred();
    const question: HealthQuestion = { ligature: "health" };
    this.process.send(question, () => {});
    const late = deferred<undefined>();
    const timer = after(healthTimeout, () => late.resolve(undefined));
    return Promise.race([this.#asked.promise, late.promise, this.ended.promise.then(() => undefined)]).finally(() =>
      timer.cancel(),
    );
  }

  #onTold(told: Told): void {
    if (told.ligature === "health") {
      this.#asked?.resolve(told.apps);
      this.#asked = undefined;
    } else {
      this.isReady = true;
      this.readySince = Date.now();
      this.ready.resolve(true);
    }
  }

  #onEnd(code: number | null, signal: NodeJS.Signals | null): void {
    this.isReady = false;
    this.ready.resolve(false);
    this.ended.resolve({ code, signal });
  }
}

/**
 * Keeps one process in each place. A place is in one of these states:
 *
 *   running  its process lives.  it fails ─▶ pausing; it ends by itself, or is told to ─▶ empty
 *   pausing  1 to 30 seconds, then ─▶ running; stop ─▶ empty
 *   empty    for good.  all places are ─▶ the supervisor ends
 *
 * A reload goes from place to place: a second process starts there, and when it consumes the first is told to drain. One that can't
 * start ends the reload, and the first stays.
 */
class Supervisor {
  readonly #log: Logger;
  readonly #places = new Map<number, Member | undefined>();
  readonly #pauses = new Map<number, Timer>();
  readonly #failures = new Map<number, number>();
  readonly #over: Deferred<number> = deferred();
  /** All that live, those that are being replaced, too. */
  readonly #alive = new Set<Member>();
  #signals = 0;
  #code = 0;
  #hasBeenReady = false;
  #reloading: Promise<void> | undefined;
  #reloadAgain = false;

  constructor(processes: number, log: Logger) {
    this.#log = log;
    for (let place = 1; place <= processes; place += 1) this.#places.set(place, undefined);
  }

  run(): Promise<number> {
    for (const place of this.#places.keys()) this.#fill(place);
    return this.#over.promise;
  }

  stop(signal: NodeJS.Signals): void {
    this.#signals += 1;
    this.#log.info({ signal, processes: this.#alive.size }, this.#signals === 1 ? "the processes drain" : "the processes abort");
    this.#emptyPausing();
    for (const member of this.#alive) this.#dismiss(member);
    this.#endWhenEmpty();
  }

  /** Replaces the processes, one after the other; once more when it is asked for meanwhile. */
  async reload(): Promise<void> {
    if (this.#signals > 0) return;
    if (this.#reloading !== undefined) {
      this.#reloadAgain = true;
      return;
    }
    this.#reloading = this.#reload();
    await this.#reloading;
    this.#reloading = undefined;
    if (!this.#reloadAgain) return;
    this.#reloadAgain = false;
    await this.reload();
  }

  async health(): Promise<Health> {
    const members = [...this.#places.values()];
    const all = await Promise.all(members.map(async (member) => member?.health()));
    // One that doesn't answer hangs: then a probe must fail.
    if (members.some((member, index) => member?.isReady === true && all[index] === undefined)) throw new Error("No answer.");
    const apps = all.flatMap((each) => each ?? []);
    const isComplete = members.length > 0 && members.every((member) => member?.isReady === true);
    return { ready: isComplete && this.#signals === 0 && apps.every(({ ready }) => ready), apps };
  }

  async #reload(): Promise<void> {
    this.#log.info({ processes: this.#places.size }, "reloads the processes, one after the other");
    for (const place of [...this.#places.keys()]) {
      const old = this.#places.get(place);
      // One that pauses starts anew by itself.
      if (old === undefined) continue;
      const next = this.#start(place);
      const isReady = await next.ready.promise;
      if (this.#signals > 0) return;
      if (!isReady) {
        this.#log.error({ place }, "the reload ends here, as the new process can't start; the old one goes on");
        return;
      }
      this.#places.set(place, next);
      this.#dismiss(old);
      await old.ended.promise;
    }
    this.#log.info({ processes: this.#places.size }, "all processes are reloaded");
  }

  #fill(place: number): void {
    this.#pauses.delete(place);
    this.#places.set(place, this.#start(place));
  }

  #start(place: number): Member {
    const member = new Member(place);
    this.#alive.add(member);
    void member.ready.promise.then((isReady) => {
      this.#hasBeenReady ||= isReady;
    });
    void member.ended.promise.then(({ code, signal }) => this.#onEnd(place, member, code, signal));
    return member;
  }

  #onEnd(place: number, member: Member, code: number | null, signal: NodeJS.Signals | null): void {
    this.#alive.delete(member);
    // One that was told to end before it listens for signals ends by it.
    const hasFailed = code !== 0 && !(member.isLeaving && signal === "SIGTERM");
    if (hasFailed && member.isLeaving) this.#code ||= 1;
    // Another one has taken the place, or it never had it.
    if (this.#places.get(place) === member) {
      if (member.isLeaving || !hasFailed) this.#places.delete(place);
      else if (code === 2 && !this.#hasBeenReady) this.#giveUp(place, code);
      else this.#pause(place, member, { code, signal });
    }
    this.#endWhenEmpty();
  }

  /** Nobody can mend it but who called. */
  #giveUp(place: number, code: number): void {
    this.#places.delete(place);
    this.#code = code;
    this.#emptyPausing();
    for (const member of this.#alive) this.#dismiss(member);
  }

  #pause(place: number, member: Member, end: { readonly code: number | null; readonly signal: string | null }): void {
    const wasSteady = member.readySince > 0 && Date.now() - member.readySince >= steady;
    const failures = wasSteady ? 0 : (this.#failures.get(place) ?? 0);
    this.#failures.set(place, failures + 1);
    const pause = Math.min(longestPause, firstPause * 2 ** failures);
    this.#log.error({ place, pid: member.process.pid, ...end, startsAgainInMs: pause }, "a process has ended by accident");
    this.#places.set(place, undefined);
    this.#pauses.set(
      place,
      after(pause, () => this.#fill(place)),
    );
  }

  #emptyPausing(): void {
    for (const [place, pause] of this.#pauses) {
      pause.cancel();
      this.#places.delete(place);
    }
    this.#pauses.clear();
  }

  #dismiss(member: Member): void {
    member.isLeaving = true;
    member.process.kill("SIGTERM");
  }

  #endWhenEmpty(): void {
    if (this.#places.size === 0 && this.#alive.size === 0) this.#over.resolve(this.#code);
  }
}
