import { PassThrough } from "node:stream";
import type Docker from "dockerode";
import { describe, expect, it } from "vitest";
import { watch } from "../../../../src/plugins/limiters/docker/watch.ts";

/** A daemon whose events are what is written to the stream. */
function daemon() {
  const events = new PassThrough();
  const docker = { getEvents: async () => events } as unknown as Docker;
  const tell = (Action: string, Attributes = {}) =>
    void events.write(`${JSON.stringify({ Action, Actor: { Attributes } })}\n`);
  return { docker, events, tell };
}

describe("the watch over a container", () => {
  it("knows from the daemon's events how its program ended, and when the container was removed", async () => {
    const { docker, tell } = daemon();
    const watched = await watch(docker, "c1");
    tell("oom");
    tell("oom");
    tell("die", { exitCode: "137" });
    expect(await watched.exited).toEqual({ signal: "SIGKILL" });
    expect(watched.oomKills()).toBe(2);
    tell("destroy");
    await watched.gone;
  });

  it("reads an event that comes in pieces, with others", async () => {
    const { docker, events } = daemon();
    const watched = await watch(docker, "c1");
    const [oom, die] = ["oom", "die"].map((Action) =>
      JSON.stringify({ Action, Actor: { Attributes: { exitCode: "7" } } }),
    );
    events.write(`${oom}\n${die!.slice(0, 9)}`);
    events.write(`${die!.slice(9)}\n`);
    expect(await watched.exited).toEqual({ code: 7 });
    expect(watched.oomKills()).toBe(1);
  });

  it.each([
    ["is closed", (events: PassThrough) => events.destroy()],
    ["breaks", (events: PassThrough) => events.destroy(new Error("socket hang up"))],
  ])("takes program and container for gone when the connection %s", async (_, end) => {
    const { docker, events } = daemon();
    const watched = await watch(docker, "c1");
    end(events);
    expect(await watched.exited).toEqual({});
    await watched.gone;
  });
});
