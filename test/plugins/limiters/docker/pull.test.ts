import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { explainPull } from "../../../../src/plugins/limiters/docker/pullFailure.ts";
import { PullProgress, type PullStatus } from "../../../../src/plugins/limiters/docker/pullProgress.ts";

/** What is told after each of the lines. */
function told(...lines: PullStatus[]) {
  const progress = new PullProgress("haproxy:lts");
  return lines.map((line) => progress.take(line));
}

const layer = (id: string, status: string, current?: number, total?: number): PullStatus => ({
  id,
  status,
  progressDetail: { ...(current === undefined ? {} : { current }), ...(total === undefined ? {} : { total }) },
});

describe("the progress of a pull", () => {
  it("counts layers, and bytes against a total once all sizes are known", () => {
    const lines = told(
      { status: "Pulling from library/haproxy", id: "lts" },
      layer("a", "Already exists"),
      layer("b", "Pulling fs layer"),
      layer("c", "Pulling fs layer"),
      layer("c", "Waiting"),
      layer("b", "Downloading", 10, 100),
      layer("c", "Downloading", 5, 40),
      layer("b", "Verifying Checksum"),
      layer("c", "Download complete"),
      layer("b", "Extracting", 30, 100),
      layer("b", "Pull complete"),
      layer("c", "Pull complete"),
      { status: "Status: Downloaded newer image for haproxy:lts" },
    );
    const pull = { task: "pull haproxy:lts" };
    const unpack = { task: "unpack haproxy:lts" };
    expect(lines[0]).toEqual(pull);
    expect(lines[4]).toEqual({ ...pull, layers: { done: 1, of: 3 }, doneBytes: 0 });
    expect(lines[5]).toEqual({ ...pull, layers: { done: 1, of: 3 }, doneBytes: 10 });
    expect(lines[6]).toEqual({ ...pull, layers: { done: 1, of: 3 }, doneBytes: 15, totalBytes: 140 });
    expect(lines[7]).toEqual({ ...pull, layers: { done: 1, of: 3 }, doneBytes: 105, totalBytes: 140 });
    expect(lines[8]).toEqual({ ...unpack, layers: { done: 1, of: 3 } });
    expect(lines[10]).toEqual({ ...unpack, layers: { done: 2, of: 3 } });
    expect(lines[12]).toEqual({ ...unpack, layers: { done: 3, of: 3 } });
  });

  it("never has more done than there is, in whatever order the lines come", () => {
    const size = { a: 100, b: 1, c: 7000 };
    const status = fc.constantFrom(
      ...["Pulling fs layer", "Waiting", "Downloading", "Verifying Checksum", "Download complete", "Extracting"],
      ...["Pull complete", "Already exists", "Retrying in 5 seconds", "Something new"],
    );
    const line = fc.record({
      id: fc.constantFrom("a" as const, "b" as const, "c" as const),
      status,
      share: fc.nat(100),
    });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), (lines) => {
        const all = told(
          ...lines.map(({ id, status, share }) => layer(id, status, Math.floor((size[id] * share) / 100), size[id])),
        );
        for (const { layers, doneBytes = 0, totalBytes = Number.POSITIVE_INFINITY } of all) {
          expect(doneBytes).toBeLessThanOrEqual(totalBytes);
          if (layers) expect(layers.done).toBeLessThanOrEqual(layers.of);
        }
      }),
    );
  });
});

describe("a pull that fails", () => {
  it.each([
    ["dial tcp: lookup registry.example on 192.0.2.53:53: no such host", "cannot reach its registry"],
    ['Get "http://127.0.0.1:9/v2/": dial tcp 127.0.0.1:9: connect: connection refused', "cannot reach its registry"],
    ["net/http: request canceled while waiting for connection (Client.Timeout exceeded)", "cannot reach its registry"],
    ["manifest for x:1 not found: manifest unknown: manifest unknown", "no such image"],
    ["pull access denied for x, repository does not exist or may require 'docker login'", "no such image"],
    ["unauthorized: authentication required", "needs a login"],
    ["failed to register layer: write /usr/lib/x.so: no space left on device", "no space left"],
    ["toomanyrequests: You have reached your pull rate limit", "no more pulls for now"],
    ["no matching manifest for linux/arm64/v8 in the manifest list entries", "this machine's processor"],
    ["(HTTP code 400) unexpected - invalid reference format ", "not the name of an image"],
  ])("because of %j is explained", (said, reason) => {
    const message = explainPull("x:1", said);
    expect(message).toMatch(/^the image x:1 cannot be pulled: /);
    expect(message).toContain(reason);
    expect(message).toMatch(/\(Docker says: [^(]/);
    expect(message).not.toContain("\n");
  });

  it("for a reason that nobody knows is told in Docker's words", () => {
    expect(explainPull("x:1", "(HTTP code 500) server error - layers from\n another world ")).toBe(
      "the image x:1 cannot be pulled: layers from another world",
    );
  });
});
