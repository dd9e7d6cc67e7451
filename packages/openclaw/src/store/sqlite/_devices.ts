import type { DeviceRequest, DeviceRow, Devices } from "../ports/index.ts";
import type { Adapter } from "./_adapter.ts";
import { int, value } from "./_values.ts";

interface Row {
  row: string;
}

export function devicesPort({ connection, writer }: Adapter): Devices {
  return {
    get: (deviceId) =>
      writer.read(() => {
        const found = connection.get<Row>("SELECT row FROM devices WHERE id = ?", deviceId);
        return found && value<DeviceRow>(found.row);
      }),
    put: (row) =>
      writer.write(() => {
        connection.run(
          "INSERT INTO devices (id, row) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET row = excluded.row",
          row.deviceId,
          JSON.stringify(row),
        );
      }),
    remove: (deviceId) => writer.write(() => connection.run("DELETE FROM devices WHERE id = ?", deviceId) === 1),
    list: () =>
      writer.read(() =>
        connection.all<Row>("SELECT row FROM devices ORDER BY id").map(({ row }) => value<DeviceRow>(row)),
      ),
    requests: () =>
      writer.read(() =>
        connection
          .all<Row>("SELECT row FROM device_requests ORDER BY ts, id")
          .map(({ row }) => value<DeviceRequest>(row)),
      ),
    putRequest: (request) =>
      writer.write(() => {
        connection.run(
          "INSERT INTO device_requests (id, ts, row) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET ts = excluded.ts, row = excluded.row",
          request.requestId,
          int(request.ts),
          JSON.stringify(request),
        );
      }),
    removeRequest: (requestId) =>
      writer.write(() => connection.run("DELETE FROM device_requests WHERE id = ?", requestId) === 1),
  };
}
