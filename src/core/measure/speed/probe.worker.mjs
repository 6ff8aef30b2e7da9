// The speed probe: does the same piece of work again and again, and prints the CPU time that each took.
// Argument: JSON {warmUpTrips, roundTrips, intervalMs, mostCpu}. Output, a line a piece: the monotonic clock, the CPU time of
// one round trip, and that of this process so far, in microseconds. The work is that of a proxy in small: bytes written to
// and read from a loopback TCP connection.
import { readSync, writeSync } from "node:fs";
import { connect, createServer } from "node:net";

const { warmUpTrips, roundTrips, intervalMs, mostCpu } = JSON.parse(process.argv[2]);
const firstPieces = 50;
const answer = Buffer.alloc(1024, ".");
const request = Buffer.alloc(120, ".");
const received = Buffer.alloc(2048);

const server = createServer();
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const accepted = new Promise((resolve) => server.once("connection", resolve));
const client = connect(server.address().port, "127.0.0.1");
await new Promise((resolve) => client.once("connect", resolve));
const ends = [client, await accepted];
for (const end of ends) {
  end.setNoDelay(true);
  end.pause();
  end._handle.readStop();
}
const [near, far] = ends.map((end) => end._handle.fd);

function read(descriptor, bytes) {
  for (let got = 0; got < bytes; ) {
    try {
      got += readSync(descriptor, received, 0, bytes - got);
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
    }
  }
}

function work(trips) {
  for (let trip = 0; trip < trips; trip++) {
    writeSync(near, request);
    read(far, request.length);
    writeSync(far, answer);
    read(near, answer.length);
  }
}

function cpuMicros() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function piece() {
  work(warmUpTrips); // the caches are the proxy's until now
  const before = cpuMicros();
  work(roundTrips);
  const after = cpuMicros();
  const roundTripMicros = (after - before) / roundTrips;
  writeSync(1, `${process.hrtime.bigint() / 1000n} ${roundTripMicros.toFixed(4)} ${after}\n`);
  // On a slow machine the pieces come more slowly: the proxy's core is not to notice.
  const pieceMs = (roundTripMicros * (warmUpTrips + roundTrips)) / 1000;
  setTimeout(piece, Math.max(intervalMs, pieceMs / mostCpu) - pieceMs);
}

work(firstPieces * roundTrips); // the code is compiled meanwhile
piece();
