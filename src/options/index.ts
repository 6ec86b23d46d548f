/** One way to check options, and to say what is wrong with one. Depends on errors only. */
export { checkKnown, flag, functions, oneOf, optionsObject, refuseOption, text, wholeNumber, type OptionPlace } from "./check.ts";
