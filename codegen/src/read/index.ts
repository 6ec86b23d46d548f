/** Reading: from a contract's source to its model. Only this room runs contracts and sees their syntax trees; it takes most of a second to load. */
export { Programs } from "./checker/index.ts";
export { findSpot } from "./find-spot.ts";
export { ContractLoader, type LoadingOptions } from "./load.ts";
export { readContract, type ForeignManifest } from "./read-contract.ts";
