import type { Address, Exit } from "../../contract/index.ts";
import { type ErrorCode, LabError } from "../../errors.ts";
import { get } from "../../process/http.ts";
import type { Origins } from "../origin/origin.ts";
import { type Entrance, requestThrough } from "./entrance.ts";
import { lastLines, tellingLine } from "./written.ts";

const usualTimeoutMs = 20_000;
const pauseMs = 20;
/** Some proxies answer while they still load their routes; this many good answers in a row end the wait. */
const answersNeeded = 3;

/** A proxy that was started. */
interface Starting {
  readonly name: string;
  readonly entrance: Entrance;
  readonly exited: Promise<Exit>;
  tail(): Promise<string>;
}

/** Waits until the proxy passes on the origin's body, for each origin at least once. Throws LAB_START or LAB_NOT_READY. */
export async function untilReady(
  proxy: Starting,
  origins: Origins,
  signal: AbortSignal,
  timeoutMs: number = usualTimeoutMs,
): Promise<void> {
  let exit: Exit | undefined;
  void proxy.exited.then((ended) => {
    exit = ended;
  });
  const deadline = Date.now() + timeoutMs;
  const needed = Math.max(answersNeeded, origins.addresses.length);
  let good = 0;
  let last = "nothing listened";
  while (Date.now() < deadline) {
    signal.throwIfAborted();
    if (exit) throw await ended(proxy, exit);
    const origin = origins.addresses[good % origins.addresses.length]!;
    const reply = await ask(proxy.entrance, origin, origins.path);
    const passed = reply?.status === 200 && reply.body.startsWith(origins.marker);
    good = passed ? good + 1 : 0;
    if (good >= needed) return;
    if (reply && !passed) last = wrongAnswer(reply.status);
    if (!passed) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  const message = `${proxy.name} did not pass on the origin's answer in ${timeoutMs / 1000} s: ${last}`;
  throw await fault("LAB_NOT_READY", message, proxy, "it printed nothing; look at its configuration and limits");
}

function wrongAnswer(status: number): string {
  return `it answered with status ${status}${status === 200 ? ", but not with what the origin sent" : ""}`;
}

function ask(entrance: Entrance, origin: Address, path: string) {
  const request = requestThrough(entrance, origin, path);
  return get(entrance.listen, request.path, 2_000, request.options);
}

async function ended(proxy: Starting, exit: Exit): Promise<LabError> {
  if (exit.code === 0) {
    const message = `${proxy.name} ended, or went into the background, before it was ready; it must stay in the foreground`;
    return fault("LAB_START", message, proxy, "it printed nothing");
  }
  const how = exit.signal ? `was ended by ${exit.signal}` : `ended with code ${exit.code}`;
  const killed = exit.signal === "SIGKILL" || exit.code === 137;
  const otherwise = killed ? "most likely the memory limit: give it more" : "it printed nothing";
  const code = killed ? "LAB_MEMORY" : "LAB_START";
  return fault(code, `${proxy.name} ${how} before it was ready`, proxy, otherwise);
}

/** An error with what the proxy wrote, which helps by the line that tells most. */
async function fault(code: ErrorCode, message: string, proxy: Starting, otherwise: string): Promise<LabError> {
  const written = lastLines(await proxy.tail());
  return new LabError(code, message, { help: tellingLine(written) ?? otherwise, output: written || undefined });
}
