/** The machine and the process, for the pages that show them. */
import os from "node:os";
import { diskSpace } from "../../base/files.ts";
import type { MethodCall } from "../../contracts/method.ts";
import { Config } from "../config/index.ts";

const DEFAULT_PORT = 18_789;

export async function systemInfo({ use, platform }: MethodCall): Promise<Record<string, unknown>> {
  const config = (await use(Config)).current();
  const { rss, heapTotal, heapUsed, external } = process.memoryUsage();
  const hostname = os.hostname();
  return {
    machineName: hostname,
    hostname,
    platform: process.platform,
    arch: process.arch,
    osLabel: `${os.type()} ${os.release()}`,
    port: Number(platform.env["OPENCLAW_GATEWAY_PORT"] ?? config.at("gateway.port") ?? DEFAULT_PORT),
    nodeVersion: process.version,
    gatewayVersion: platform.version,
    pid: process.pid,
    uptimeMs: Math.round(process.uptime() * 1000),
    cpuCount: os.availableParallelism(),
    loadAverage: os.loadavg(),
    memoryTotalBytes: os.totalmem(),
    memoryFreeBytes: os.freemem(),
    processMemory: {
      rssBytes: rss,
      heapTotalBytes: heapTotal,
      heapUsedBytes: heapUsed,
      externalBytes: external,
    },
    disks: await disks(platform.paths.state),
  };
}

async function disks(path: string): Promise<unknown[]> {
  const space = await diskSpace(path);
  return space === undefined ? [] : [{ path, ...space }];
}
