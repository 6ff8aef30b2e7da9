// The speed probe: does the same piece of work again and again, and prints the CPU time that each took.
// Argument: JSON {warmUpTrips, roundTrips, memoryBytes, memoryReads, intervalMs, mostCpu}. Output, a line a piece: the
// monotonic clock, the CPU time of the piece, and that of this process so far, in microseconds. The work is that of a proxy in
// small: bytes written to and read from a loopback TCP connection, and memory read that the core's own caches do not hold.
import { readSync, writeSync } from "node:fs";
import { connect, createServer } from "node:net";

const { warmUpTrips, roundTrips, memoryBytes, memoryReads, intervalMs, mostCpu } = JSON.parse(process.argv[2]);
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

/** Places in memory, each holding the next one to read: one cycle through all of them, the same in every process. */
function cycleOf(length) {
  const next = Int32Array.from({ length }, (_, place) => place);
  let state = 1;
  for (let place = length - 1; place > 0; place--) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * place);
    [next[place], next[other]] = [next[other], next[place]];
  }
  return next;
}

const cycle = cycleOf(memoryBytes / Int32Array.BYTES_PER_ELEMENT);
let place = 0;

function readMemory(times) {
  for (let time = 0; time < times; time++) place = cycle[place];
}

function cpuMicros() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function piece() {
  work(warmUpTrips); // the caches are the proxy's until now
  const before = cpuMicros();
  work(roundTrips);
  readMemory(memoryReads);
  const after = cpuMicros();
  writeSync(1, `${process.hrtime.bigint() / 1000n} ${after - before} ${after}\n`);
  // On a slow machine the pieces come more slowly: the proxy's core is not to notice.
  const allMs = ((after - before) * (1 + warmUpTrips / roundTrips)) / 1000;
  setTimeout(piece, Math.max(intervalMs, allMs / mostCpu) - allMs);
}

// The code is compiled meanwhile.
work(firstPieces * roundTrips);
for (let round = 0; round < firstPieces; round++) readMemory(memoryReads);
piece();
