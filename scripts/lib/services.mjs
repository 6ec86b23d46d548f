/** The services that tests need beside them: found by their URLs, or started. */
import { join } from "node:path";
import { answers as rabbitmqAnswers } from "./amqp-handshake.mjs";
import { openDebianRoot } from "./debian-root.mjs";
import { startRabbitmq } from "./private-rabbitmq.mjs";
import { startRedis } from "./private-redis.mjs";
import { UserError } from "./processes.mjs";
import { programEnvironment } from "./programs.mjs";
import { answers as redisAnswers } from "./redis-handshake.mjs";
import { urlVariables } from "./suites.mjs";

const services = {
  rabbitmq: { title: "RabbitMQ", start: startRabbitmq, answers: rabbitmqAnswers },
  redis: { title: "Redis", start: startRedis, answers: redisAnswers },
};

/** Finds or starts them. `environment` tells tests where they are. */
export async function openServices(names) {
  const environment = {};
  const stops = [];
  const stop = async () => {
    for (const each of stops) await each();
  };
  try {
    for (const name of names) {
      const { url, stop: end } = await findService(services[name], urlVariables[name]);
      environment[urlVariables[name]] = url;
      stops.push(end);
    }
    return { environment, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Starts those of a newer Debian in its root, whose other programs come first for the tests. */
export async function openNewerServices() {
  const { bin, remove, versions } = await openDebianRoot();
  const stops = [async () => remove()];
  const stop = async () => {
    for (const each of stops.reverse()) await each();
  };
  try {
    console.log(`Debian's ${versions}`);
    const environment = { PATH: programEnvironment(join(bin, "enter")).PATH };
    for (const [name, program] of [
      ["rabbitmq", "rabbitmq-server"],
      ["redis", "redis-server"],
    ]) {
      const service = await services[name].start({ log: console.log, server: join(bin, program) });
      environment[urlVariables[name]] = service.url;
      stops.push(() => service.stop());
    }
    return { environment, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function findService({ title, start, answers }, variable) {
  const url = process.env[variable];
  if (url === undefined || url === "") {
    const service = await start({ log: console.log });
    return { url: service.url, stop: () => service.stop() };
  }
  try {
    await answers(url);
  } catch (error) {
    throw new UserError(`No ${title} answers at ${variable}: ${error.message}. Unset it to have one started.`, { cause: error });
  }
  console.log(`Using the ${title} that ${variable} names.`);
  return { url, stop: async () => {} };
}
