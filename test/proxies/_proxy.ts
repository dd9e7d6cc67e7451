/** Real reverse proxies in front of the gateway: nginx and Caddy, from Debian, each with a configuration of its own. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../harness/gateway.ts";

export interface Proxy {
  readonly port: number;
  /** What it wrote to stderr. */
  log(): string;
  end(): void;
}

export interface ProxyRules {
  /** Of the gateway, on loopback. */
  readonly upstream: number;
  /** Sent to the gateway as this header, from a header of the same name that tests send in place of a login. */
  readonly userHeader?: string;
}

/**
 * Clients of these tests are on this machine. What they send as `X-Test-Client` stands for the address that
 * the proxy would see; the proxy overwrites whatever else they claim.
 */
export const CLIENT_HEADER = "X-Test-Client";

export interface Kind {
  readonly name: string;
  readonly program: string;
  start(rules: ProxyRules): Promise<Proxy>;
}

const nginx: Kind = {
  name: "nginx",
  program: "/usr/sbin/nginx",
  start: (rules) =>
    launch((root, port) => {
      const user = rules.userHeader === undefined ? "" : `proxy_set_header ${rules.userHeader} $http_x_test_user;`;
      writeFileSync(
        join(root, "nginx.conf"),
        `daemon off; pid ${root}/pid; error_log stderr warn; worker_processes 1;
events { worker_connections 64; }
http {
  access_log off;
  client_body_temp_path ${root}/body; proxy_temp_path ${root}/proxy;
  fastcgi_temp_path ${root}/f; uwsgi_temp_path ${root}/u; scgi_temp_path ${root}/s;
  map $http_upgrade $connection_upgrade { default upgrade; '' close; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://127.0.0.1:${rules.upstream};
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $http_x_test_client;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header Forwarded "";
      proxy_set_header X-Real-IP "";
      ${user}
      proxy_read_timeout 3600s;
    }
  }
}
`,
      );
      return ["/usr/sbin/nginx", "-p", root, "-c", join(root, "nginx.conf"), "-e", "stderr"];
    }),
};

const caddy: Kind = {
  name: "Caddy",
  program: "/usr/bin/caddy",
  start: (rules) =>
    launch((root, port) => {
      const user =
        rules.userHeader === undefined ? "" : `header_up ${rules.userHeader} {http.request.header.X-Test-User}`;
      writeFileSync(
        join(root, "Caddyfile"),
        `{
  admin off
  auto_https off
  storage file_system ${root}/storage
}
http://127.0.0.1:${port} {
  reverse_proxy 127.0.0.1:${rules.upstream} {
    header_up X-Forwarded-For {http.request.header.X-Test-Client}
    header_up -Forwarded
    header_up -X-Real-IP
    ${user}
  }
}
`,
      );
      return ["/usr/bin/caddy", "run", "--config", join(root, "Caddyfile"), "--adapter", "caddyfile"];
    }),
};

export const KINDS: readonly Kind[] = [nginx, caddy];

/** Why a kind cannot be tried here. */
export function absent({ name, program }: Kind): string | undefined {
  return existsSync(program) ? undefined : `${name} is not installed (Debian: ${name.toLowerCase()})`;
}

async function launch(write: (root: string, port: number) => readonly [string, ...string[]]): Promise<Proxy> {
  const root = mkdtempSync(join(tmpdir(), "openclaw-proxy-"));
  mkdirSync(join(root, "storage"));
  const port = await freePort();
  const [program, ...args] = write(root, port);
  const child = spawn(program, args, {
    stdio: ["ignore", "ignore", "pipe"],
    env: { HOME: root, PATH: "/usr/bin:/bin" },
  });
  let log = "";
  child.stderr.on("data", (chunk: Buffer) => (log += chunk.toString()));
  for (let i = 0; i < 200 && !(await answers(port)); i += 1) {
    if (child.exitCode !== null) throw new Error(`the proxy did not start:\n${log}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    port,
    log: () => log,
    end: () => {
      child.kill("SIGTERM");
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
