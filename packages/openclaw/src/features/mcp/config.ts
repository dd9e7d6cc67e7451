/** `mcp`: tools of other programs over the Model Context Protocol. */
import { Type, closed } from "../../contracts/schema.ts";
import { defineConfig } from "../../contracts/config.ts";
import {
  HTTP_URL,
  mapOf,
  maybeFlag,
  maybeMapOf,
  maybePick,
  maybeText,
  maybeWhole,
  maybeWords,
  whole,
} from "../../contracts/config-kinds.ts";

const server = closed({
  enabled: maybeFlag("Use it"),
  command: maybeText("Program that speaks the protocol on its input and output", { minLength: 1 }),
  args: maybeWords("Its arguments"),
  env: maybeMapOf(Type.Union([Type.String(), Type.Number(), Type.Boolean()]), "Variables that it gets"),
  cwd: maybeText("Folder that it runs in"),
  url: maybeText("Address of a server elsewhere", HTTP_URL),
  transport: maybePick(["stdio", "streamable-http", "sse"], "How it is spoken to; absent means by what else is set"),
  headers: maybeMapOf(Type.Union([Type.String(), Type.Number(), Type.Boolean()]), "Sent with every request"),
  connectionTimeoutMs: maybeWhole("Longest connecting, ms", { minimum: 1 }),
});

const mcpSection = defineConfig({
  path: "mcp",
  summary: "Servers whose tools the assistant may use over the Model Context Protocol.",
  reload: "restart:mcp",
  secrets: ["servers.*.env.*", "servers.*.headers.*"],
  schema: closed({
    servers: mapOf(server, "Servers by a name of your choice"),
    sessionIdleTtlMs: whole(600_000, "Time without use after which a connection is closed, ms; 0 means never"),
  }),
});

export const config = [mcpSection];
