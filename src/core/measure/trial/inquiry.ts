import { setTimeout as sleep } from "node:timers/promises";
import { exchange, type HttpReply, oneConnection } from "../../process/http.ts";
import { closedConnections } from "../../process/kernel/sockets.ts";
import type { Origins } from "../origin/origin.ts";
import { requestThrough } from "../rig/entrance.ts";
import type { Inquiry } from "../samples/claims.ts";
import type { TrialSetup } from "./watchedLoad.ts";

/** Requests that the lab sends: enough for one that is answered from a cache to be among them. */
const asked = 6;
const timeoutMs = 2_000;
/** Requests that a load tool left behind reach the origins until two looks at their count agree, or for so many looks. */
const lookMs = 100;
const mostLooks = 20;

type Asked = Pick<TrialSetup, "rig" | "origins">;

/** Finds out what becomes of some requests through the proxy; `undefined` where they are not answered. For a run that has just ended. */
export async function inquire(setup: Asked, tookSeconds: number): Promise<Inquiry | undefined> {
  const { rig, origins } = setup;
  const closed = closedConnections(rig.entrance.listen.port, tookSeconds + 1) ?? 0;
  const before = await settledCount(origins);
  const replies = await repliesOf(setup).catch(() => undefined);
  const after = await origins.served();
  if (replies === undefined) return undefined;
  return {
    passesOn: before !== undefined && after !== undefined && after - before === asked,
    keepsConnections: replies.slice(1).every(({ reused }) => reused),
    closed,
  };
}

async function settledCount(origins: Origins): Promise<number | undefined> {
  let last = await origins.served();
  for (let look = 0; look < mostLooks; look++) {
    await sleep(lookMs);
    const count = await origins.served();
    if (count === last) break;
    last = count;
  }
  return last;
}

/** The same requests as those of the load, one after the other. */
async function repliesOf({ rig: { entrance }, origins }: Asked): Promise<HttpReply[]> {
  const agent = oneConnection(entrance.secure);
  const replies: HttpReply[] = [];
  try {
    for (let index = 0; index < asked; index++) {
      const origin = origins.addresses[index % origins.addresses.length]!;
      const { path, options } = requestThrough(entrance, origin, origins.path);
      replies.push(await exchange(entrance.listen, path, timeoutMs, { agent, ...options }));
    }
  } finally {
    agent.destroy();
  }
  return replies;
}
