/** Some TCP ports of 127.0.0.1 that nobody listens on. Another program may still be quicker to take one: be ready to try again. */
export function freePorts(count: number): Promise<number[]>;
