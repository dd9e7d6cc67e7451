/** Plain HTTP as a client sends it: through Node's client, or byte by byte. */
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { connect as tcp } from "node:net";
import { TOKEN } from "./_gateway.ts";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export const bearer = { Authorization: `Bearer ${TOKEN}` };

/** Sends a request with its path exactly as given. */
export function ask(
  port: number,
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string | Buffer } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { port, path, method: options.method ?? "GET", headers: options.headers ?? {}, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    request.on("error", reject);
    request.end(options.body);
  });
}

/** Writes bytes to the port and gives what came back until the connection closed. */
export function raw(port: number, bytes: string | Buffer): Promise<string> {
  return new Promise((resolve) => {
    const socket = tcp(port, "127.0.0.1");
    let all = "";
    socket.on("data", (data) => (all += data.toString("latin1")));
    socket.on("close", () => resolve(all));
    socket.on("error", () => {});
    socket.write(bytes);
  });
}
