import { createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { watchLeftovers } from "../fixtures/leftovers.ts";
import { runLab } from "../fixtures/runLab.ts";

const fakes = ["--plugins", "test/fixtures/plugins/plugins.json"];
const quick = ["--limiter", "unlimited", "--load", "autocannon", "--cpu", "0.5", "--window", "500ms", "--warmup", "0"];
const sweep = (...args: string[]) => runLab(["sweep", ...fakes, ...quick, "--json", ...args]);

interface Event {
  readonly type: string;
  readonly record: { readonly status: string; readonly point: { readonly proxy: string } };
}

async function measured(...args: string[]) {
  const leftovers = watchLeftovers();
  const run = await sweep(...args);
  const events = run.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Event);
  expect(run.stderr).not.toMatch(/\n\s+at /);
  expect(await leftovers()).toEqual([]);
  return { run, records: events.filter(({ type }) => type === "trial-finished").map(({ record }) => record) };
}

describe("what fails while it is measured is a record and an exit code, and leaves nothing behind", () => {
  it("a proxy that ends before it is ready", async () => {
    const { run, records } = await measured("--proxy", "silent");
    const message = expect.stringContaining("cannot bind to the moon");
    expect(records).toMatchObject([
      {
        status: "failed",
        error: { code: "LAB_START", message, output: "cannot bind to the moon" },
        configuration: { argv: ["sh", "-c", expect.stringContaining("exit 3")] },
      },
    ]);
    expect(run.code).toBe(4);
  });

  it("a proxy that never gets ready", async () => {
    const { run, records } = await measured("--proxy", "deaf");
    expect(records).toMatchObject([{ status: "failed", error: { code: "LAB_NOT_READY" } }]);
    expect(run.code).toBe(4);
  });

  it("a load tool that prints nothing", async () => {
    const { run, records } = await measured("--proxy", "builtin", "--load", "mute");
    expect(records).toMatchObject([{ status: "failed", error: { code: "LAB_LOAD", message: "mute printed nothing" } }]);
    expect(run.code).toBe(4);
  });

  it("one of two trials: the other is measured all the same, and the exit code is 3", async () => {
    const { run, records } = await measured("--proxy", "builtin,silent");
    expect(records.map(({ point, status }) => [point.proxy, status]).sort()).toEqual([
      ["builtin", "completed"],
      ["silent", "failed"],
    ]);
    expect(run.code).toBe(3);
  });
});

it("a port that is in use is refused before anything is started", async () => {
  const server = createServer();
  onTestFinished(() => void server.close());
  await new Promise<void>((listening) => void server.listen(0, "127.0.0.1", () => listening()));
  const { port } = server.address() as { port: number };
  const run = await sweep("--proxy", "builtin", "--port", String(port));
  expect(run).toMatchObject({ code: 2, stdout: "" });
  expect(run.stderr).toMatch(new RegExp(`^lab: .*\\b${port}\\b.*\\n  `));
});
