import type { Channel, Message as ReturnedMessage } from "amqplib";
import { describe, expect, it } from "vitest";
import { Settlements } from "../../../../src/dist/broker/amqp/consume/index.js";

describe("acknowledgements", () => {
  /** What a channel is told, as `ack 3*` for a multiple one. */
  function record() {
    const told: string[] = [];
    const channel = {
      ack: ({ fields }: ReturnedMessage, multiple = false) => told.push(`ack ${fields.deliveryTag}${multiple ? "*" : ""}`),
      reject: ({ fields }: ReturnedMessage, requeue: boolean) =>
        told.push(`${requeue ? "requeue" : "dead"} ${fields.deliveryTag}`),
    } as unknown as Channel;
    return { told, settlements: new Settlements(channel) };
  }
  const turn = () => new Promise(setImmediate);

  it("of one turn go together up to the lowest open tag, and singly above", async () => {
    const { told, settlements } = record();
    for (const tag of [2, 1, 3, 6, 5]) settlements.ack(tag);
    expect(told).toEqual([]);
    await turn();
    expect(told).toEqual(["ack 3*", "ack 6", "ack 5"]);
    settlements.ack(4);
    await turn();
    expect(told.slice(3)).toEqual(["ack 4"]);
    for (const tag of [7, 8]) settlements.ack(tag);
    await turn();
    expect(told.slice(4)).toEqual(["ack 8*"]);
  });

  it("never name a tag that was told before: RabbitMQ would close the channel", async () => {
    const { told, settlements } = record();
    settlements.ack(2);
    settlements.reject(3, true);
    await turn();
    settlements.ack(1);
    await turn();
    settlements.reject(4, false);
    settlements.ack(5);
    settlements.ack(6);
    await turn();
    expect(told).toEqual(["requeue 3", "ack 2", "ack 1", "dead 4", "ack 6*"]);
  });

  it("are without effect after the channel's end", async () => {
    const { told, settlements } = record();
    settlements.ack(1);
    settlements.end();
    settlements.ack(2);
    settlements.reject(3, true);
    await turn();
    expect(told).toEqual([]);
  });
});
