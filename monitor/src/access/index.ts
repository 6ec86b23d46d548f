export { Access, type AccessOptions, type Role, type Visitor } from "./access.ts";
