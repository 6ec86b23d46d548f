export type ProgramName = "rabbitmq" | "redis" | "celery" | "mypy" | "git" | "openssl" | "debootstrap" | "chromium";

/** Which of these the machine lacks. */
export function missingPrograms(names: readonly ProgramName[]): Promise<ProgramName[]>;
/** Installs those that are missing, where that can be done without asking; resolves with those that are missing still. */
export function installPrograms(names: readonly ProgramName[]): Promise<ProgramName[]>;
/** The same for a script that can't do without them. */
export function requirePrograms(names: readonly ProgramName[]): Promise<void>;
/** What is missing, and what to do. */
export function missingText(name: ProgramName): string;
export function findRabbitmq(): string | undefined;
export function findRedis(): string | undefined;
/** What a server is started with: the programs beside it come first. */
export function programEnvironment(server: string): { readonly PATH: string };
/** The command of Docker, if it can be used. */
export function findDocker(): Promise<string | undefined>;
/** A Python that has Celery. */
export function findCeleryPython(): Promise<string | undefined>;
export function findMypy(): Promise<string | undefined>;
export function findChromium(): string | undefined;
