/** A process of its own that holds many sockets to one gateway and reads what comes: `url token count`. */
import { WebSocket } from "ws";

const [url = "", token = "", count = "0"] = process.argv.slice(2);
const connect = JSON.stringify({
  type: "req",
  id: "connect",
  method: "connect",
  params: {
    minProtocol: 4,
    maxProtocol: 4,
    client: { id: "cli", mode: "cli", version: "1", platform: "bench" },
    scopes: ["operator.read"],
    auth: { token },
  },
});

function open(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    socket.once("message", () => {
      socket.send(connect);
      socket.once("message", () => resolve());
      // Nobody looks at the rest: what is measured is the other side.
    });
    socket.on("error", reject);
  });
}

for (let opened = 0; opened < Number(count); opened += 25)
  await Promise.all(Array.from({ length: Math.min(25, Number(count) - opened) }, open));
process.stdout.write("ready\n");
