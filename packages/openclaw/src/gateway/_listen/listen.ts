/** Opens the port, exclusively. */
import type { Server } from "node:http";
import { errorText, systemCode } from "../../base/errors.ts";
import { errors } from "../errors.ts";

/**
 * Resolves with the port that is open (another than asked for when that was 0) and the address it is open on:
 * the first of `hosts` that this machine has.
 */
export async function listen(
  server: Server,
  at: { readonly hosts: readonly string[]; readonly port: number },
): Promise<{ readonly port: number; readonly host: string }> {
  for (const [index, host] of at.hosts.entries()) {
    try {
      return { port: await open(server, host, at.port), host };
    } catch (error) {
      if (systemCode(error) === "EADDRINUSE")
        throw errors.GATEWAY_PORT_IN_USE({ port: at.port }).with({ cause: error });
      const next = systemCode(error) === "EADDRNOTAVAIL" && index + 1 < at.hosts.length;
      if (!next)
        throw errors.GATEWAY_BIND_FAILED({ host, port: at.port, reason: errorText(error) }).with({ cause: error });
    }
  }
  throw errors.GATEWAY_BIND_FAILED({ host: "", port: at.port, reason: "there is no address to bind" });
}

async function open(server: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port, exclusive: true }, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}
