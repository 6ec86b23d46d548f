/**
 * The programs that suites and scripts need beside Node: where they are, and how they come onto the machine. They
 * are installed here only, all that are missing in one call, before anything runs.
 */
import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { canInstallDebianPackages, installDebianPackages } from "./debian.mjs";
import { capture, UserError } from "./processes.mjs";

const programs = {
  rabbitmq: {
    title: "RabbitMQ",
    find: async () => findRabbitmq() ?? (canInstallDebianPackages() ? undefined : findDocker()),
    packages: ["rabbitmq-server"],
    services: ["rabbitmq-server"],
    elsewhere:
      "macOS: brew install rabbitmq; or start Docker; or set AMQP_URL to one that runs, such as amqp://guest:guest@localhost:5672",
  },
  redis: {
    title: "Redis",
    find: async () => findRedis(),
    packages: ["redis-server"],
    services: ["redis-server"],
    elsewhere: "macOS: brew install redis; or set REDIS_URL to one that runs, such as redis://localhost:6379",
  },
  celery: {
    title: "Python 3 with Celery and redis",
    find: findCeleryPython,
    packages: ["python3-celery", "python3-redis"],
    elsewhere: "pip install celery redis",
  },
  mypy: { title: "mypy", find: findMypy, packages: ["mypy"], elsewhere: "pip install mypy" },
  git: { title: "git", find: async () => findFile("git"), packages: ["git"], elsewhere: "https://git-scm.com" },
  debootstrap: {
    title: "debootstrap",
    find: async () => findFile("debootstrap", [], ["/usr/sbin"]),
    packages: ["debootstrap"],
    elsewhere: "there is none elsewhere",
  },
  openssl: {
    title: "openssl",
    find: async () => findFile("openssl"),
    packages: ["openssl"],
    elsewhere: "macOS: brew install openssl",
  },
  chromium: {
    title: "Chromium",
    find: async () => findChromium(),
    packages: ["chromium"],
    elsewhere: "macOS: brew install --cask chromium",
  },
};

/** Which of these the machine lacks. */
export async function missingPrograms(names) {
  const found = await Promise.all(names.map((name) => programs[name].find()));
  return names.filter((_, index) => found[index] === undefined);
}

/** Installs those that are missing, where that can be done without asking. @returns those that are missing still */
export async function installPrograms(names) {
  const missing = await missingPrograms(names);
  if (missing.length === 0 || !canInstallDebianPackages()) return missing;
  // n.b. looked for again once nobody else installs: another run may just have done it.
  await installDebianPackages(async () => {
    const still = (await missingPrograms(missing)).map((name) => programs[name]);
    return { packages: still.flatMap((each) => each.packages), services: still.flatMap((each) => each.services ?? []) };
  });
  return missingPrograms(missing);
}

/** The same for a script that can't do without them. */
export async function requirePrograms(names) {
  const missing = await installPrograms(names);
  if (missing.length > 0) throw new UserError(missing.map(missingText).join("\n"));
}

/** What is missing, and what to do. */
export function missingText(name) {
  const { title, packages, elsewhere } = programs[name];
  return `${title} is missing. Debian, Ubuntu: apt-get install ${packages.join(" ")} (as root, npm test does it); ${elsewhere}.`;
}

/**
 * RabbitMQ's own start script. Debian's `rabbitmq-server` on the PATH is a wrapper that only root and the user
 * `rabbitmq` may call and that serves the system's node, so the script behind it is preferred.
 */
export function findRabbitmq() {
  return findFile("rabbitmq-server", ["/usr/lib/rabbitmq/bin"], ["/opt/homebrew/sbin", "/usr/local/sbin"]);
}

export function findRedis() {
  return findFile("redis-server", [], ["/usr/bin", "/opt/homebrew/bin", "/usr/local/bin"]);
}

/** What a server is started with: the programs beside it come first. */
export function programEnvironment(server) {
  return { PATH: `${dirname(server)}${delimiter}${process.env["PATH"] ?? ""}` };
}

/** The command of Docker, if it can be used. */
export async function findDocker() {
  return (await capture("docker", ["info"])).code === 0 ? "docker" : undefined;
}

/** A Python that has Celery; Debian installs it for its own, which need not be the first in the path. */
export function findCeleryPython() {
  return firstThatRuns(["python3", "/usr/bin/python3"], ["-c", "import celery, redis"]);
}

export function findMypy() {
  return firstThatRuns(["mypy", "/usr/bin/mypy"], ["--version"]);
}

/** n.b. Ubuntu's package `chromium-browser` is only a pointer to a snap. */
export function findChromium() {
  return (
    findFile("chromium") ?? findFile("google-chrome") ?? findFile("Chromium", [], ["/Applications/Chromium.app/Contents/MacOS"])
  );
}

async function firstThatRuns(commands, args) {
  for (const command of commands) if ((await capture(command, args)).code === 0) return command;
  return undefined;
}

function findFile(name, before = [], after = []) {
  const folders = [...before, ...(process.env["PATH"] ?? "").split(delimiter), ...after];
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
}
