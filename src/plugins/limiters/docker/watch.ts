import { constants } from "node:os";
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import type Docker from "dockerode";
import type { Exit } from "../../../core/contract/index.ts";

const tailBytes = 4096;

/** What becomes of a container, from the daemon's events. */
export interface Watch {
  /** Resolves when its program has ended; with an empty Exit if the daemon went away first. */
  readonly exited: Promise<Exit>;
  /** Resolves when the container has been removed. */
  readonly gone: Promise<void>;
  /** How often the memory limit made the kernel kill a process. */
  oomKills(): number;
  /** Stops listening. */
  close(): void;
}

/** Listens to the events of a container; from the moment that it returns none is missed. */
export async function watch(docker: Docker, id: string): Promise<Watch> {
  const events = await docker.getEvents({ filters: { container: [id], event: ["oom", "die", "destroy"] } });
  const exited = Promise.withResolvers<Exit>();
  const gone = Promise.withResolvers<void>();
  let oomKills = 0;
  const lines = createInterface({ input: events });
  lines.on("line", (line) => {
    if (line.trim() === "") return;
    const event = JSON.parse(line) as { Action: string; Actor: { Attributes: Record<string, string> } };
    if (event.Action === "oom") oomKills++;
    if (event.Action === "die") exited.resolve(exitOf(Number(event.Actor.Attributes.exitCode)));
    if (event.Action === "destroy") gone.resolve();
  });
  for (const stream of [events, lines]) stream.on("error", () => {}); // that it closes tells enough
  events.on("close", () => {
    exited.resolve({});
    gone.resolve();
  });
  return {
    exited: exited.promise,
    gone: gone.promise,
    oomKills: () => oomKills,
    close: () => (events as NodeJS.ReadableStream & { destroy(): void }).destroy(),
  };
}

/** Docker's exit code -> Exit; 128 + n stands for signal n. */
export function exitOf(code: number): Exit {
  const signal = Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0];
  return signal === undefined ? { code } : { signal };
}

/** The last of what a container prints. */
export interface Output {
  tail(): string;
  /** Resolves when all that it printed has come in. */
  readonly complete: Promise<void>;
}

/** Keeps what a container prints; to be called before its start, since nothing is logged. */
export async function attach(docker: Docker, container: Docker.Container): Promise<Output> {
  const stream = await container.attach({ stream: true, stdout: true, stderr: true });
  let kept = Buffer.alloc(0);
  const keep = new Writable({
    write(chunk: Buffer, _encoding, done) {
      kept = Buffer.concat([kept, chunk]).subarray(-tailBytes);
      done();
    },
  });
  docker.modem.demuxStream(stream, keep, keep);
  stream.on("error", () => {});
  const ended = new Promise<void>((resolve) => {
    stream.on("close", resolve);
    stream.on("end", resolve);
  });
  return { tail: () => kept.toString("utf8").trim(), complete: ended };
}
