/** Opens the port, exclusively. */
import type { Server } from "node:http";
import { errorText, systemCode } from "../base/errors.ts";
import { errors } from "./errors.ts";

/** Resolves with the port that is open (another than asked for when that was 0). */
export async function listen(server: Server, at: { readonly host: string; readonly port: number }): Promise<number> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ host: at.host, port: at.port, exclusive: true }, () => {
        server.off("error", reject);
        resolve();
      });
    });
  } catch (error) {
    if (systemCode(error) === "EADDRINUSE") throw errors.GATEWAY_PORT_IN_USE({ port: at.port }).with({ cause: error });
    throw errors.GATEWAY_BIND_FAILED({ ...at, reason: errorText(error) }).with({ cause: error });
  }
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : at.port;
}
