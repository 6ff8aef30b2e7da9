import { once } from "node:events";
import { connect, createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { acceptedConnections, closedConnections, closedIn } from "../../../../src/core/process/kernel/sockets.ts";

const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1667 1 0000000000000000 100 0 0 10 0
   1: 0100007F:1F90 0100007F:D431 06 00000000:00000000 03:00001770 00000000     0        0 0 3 0000000000000000
   2: 0100007F:D432 0100007F:1F90 06 00000000:00000000 03:00001644 00000000     0        0 0 3 0000000000000000
   3: 0100007F:1F90 0100007F:D433 06 00000000:00000000 03:00000064 00000000     0        0 0 3 0000000000000000
   4: 0100007F:1F90 0100007F:D434 01 00000000:00000000 00:00000000 00000000     0        0 9 1 0000000000000000
   5: 0100007F:2328 0100007F:D435 06 00000000:00000000 03:00001770 00000000     0        0 0 3 0000000000000000
`;

describe("connections that were closed", () => {
  it("are those of a port, at either end, that wait and have not waited longer", () => {
    expect(closedIn(table, 0x1f90, 2)).toBe(1);
    expect(closedIn(table, 0x1f90, 4)).toBe(2);
    expect(closedIn(table, 0x1f90, 60)).toBe(3);
    expect(closedIn(table, 0x90, 60)).toBe(0);
  });

  it.skipIf(process.platform !== "linux")("are counted by the system, and so are those that were made", async () => {
    const server = createServer((socket) => socket.end());
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as { port: number };
    const before = acceptedConnections()!;
    for (let made = 0; made < 3; made++) {
      const socket = connect(port, "127.0.0.1").resume();
      await once(socket, "close");
    }
    server.close();
    expect(acceptedConnections()! - before).toBeGreaterThanOrEqual(3);
    await expect.poll(() => closedConnections(port, 60)).toBe(3);
  });
});
