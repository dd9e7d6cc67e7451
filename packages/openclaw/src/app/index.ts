/** The door of the composition root; loaded by the commands that need more than a connection. */
export { compose } from "./compose.ts";
export { runGateway } from "./gateway.ts";
export type { RunGatewayOptions } from "./gateway.ts";
