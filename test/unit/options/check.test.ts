import { LigatureError } from "ligature";
import { describe, expect, it } from "vitest";
import { checkKnown, flag, oneOf, optionsObject, text, wholeNumber } from "../../../src/dist/options/index.js";

const call = { prefix: "createApp(): " };
const part = { prefix: "c.run.", path: ["tasks", "run"] };

function errorOf(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe("an option", () => {
  it.each([
    [
      "a number out of range",
      () => wholeNumber(0, "n", call, 1, 9),
      "n",
      "createApp(): n must be a whole number from 1 to 9, got 0.",
    ],
    ["a fraction", () => wholeNumber(1.5, "n", call, 1), "n", "createApp(): n must be a whole number of at least 1, got 1.5."],
    [
      "a number as text",
      () => wholeNumber("3", "n", call, 1),
      "n",
      "createApp(): n must be a whole number of at least 1, got 3.",
    ],
    ["text that isn't", () => text(7, "t", call), "t", "createApp(): t must be a string, got number."],
    ["a switch that isn't", () => flag("yes", "f", call), "f", 'createApp(): f must be true or false, got "yes".'],
    ["a word that isn't known", () => oneOf("c", "w", call, ["a", "b"]), "w", 'createApp(): w must be "a" or "b", got "c".'],
    ["an unknown name", () => checkKnown({ x: 1 }, ["a"], "f()", call), "x", 'f(): unknown option "x". Known: a.'],
  ])("is refused with its name: %s", (_what, action, option, message) => {
    expect(errorOf(action)).toMatchObject({ code: "INVALID_OPTION", rawMessage: message, details: { option } });
  });

  it("of a contract is refused with the path to its place", () => {
    const error = errorOf(() => oneOf("c", "ack", part, ["late", "early"]));
    expect(error).toBeInstanceOf(LigatureError);
    expect(error).toMatchObject({ code: "INVALID_CONTRACT", details: { path: ["tasks", "run", "ack"] } });
    expect((error as LigatureError).rawMessage).toBe('c.run.ack must be "late" or "early", got "c".');
  });

  it("is given in an object", () => {
    expect(errorOf(() => optionsObject(null, "set() needs an object of options."))).toMatchObject({ code: "INVALID_OPTION" });
  });

  it("passes when it fits", () => {
    expect(wholeNumber(9, "n", call, 1, 9)).toBe(9);
    expect(text("x", "t", call)).toBe("x");
    expect(flag(false, "f", call)).toBe(false);
    expect(oneOf("a", "w", call, ["a"])).toBe("a");
  });
});
