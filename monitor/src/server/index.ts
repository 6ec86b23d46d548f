export { createRoutes, type ServerParts } from "./routes.tsx";
