import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import type { TrialRecord } from "../../src/core/domain/record.ts";
import { watchLeftovers } from "../fixtures/leftovers.ts";
import { missing } from "../fixtures/parts.ts";
import { folderOf, inShell, recipes } from "../fixtures/recipes.ts";
import { ownStore, runLab } from "../fixtures/runLab.ts";

const parts = recipes.map(({ proxy }) => `proxy/${proxy}` as const);
const without = await missing(...parts, "load/vegeta", "load/wrk", "limiter/cgroup");
const sayWhy = without && ` (not run: ${without})`;
const haproxy = recipes.find(({ proxy }) => proxy === "haproxy")!;

describe.skipIf(without)(`the recipes for configurations of your own${sayWhy}`, () => {
  it.each(recipes)("$proxy runs with its files, and passes requests on to the lab's servers", async (recipe) => {
    const leftovers = watchLeftovers();
    const folder = await folderOf(recipe);
    const own = / (--config .*?) --rps/.exec(recipe.commands.at(-1)!)![1]!;
    const trial = "--cpu 0.6 --plan grid --window 1s --max-window 1s --warmup 0 --anchors 0 --json";
    const command = `${resolve("lab")} sweep --store ${ownStore()} --proxy ${recipe.proxy} ${own} ${trial}`;
    const [record] = recordsIn((await inShell(command, folder)).stdout);
    expect(record).toMatchObject({ status: "completed", result: { failedRequests: 0 }, scenario: { profile: "own" } });
    expect(record!.originServed! / record!.result!.completedRequests).toBeCloseTo(1, 1);
    expect(await leftovers()).toEqual([]);
  });

  it("keeps the text, what was filled in and the hash, and keeps the trials apart from others", async () => {
    const folder = await folderOf(haproxy);
    const store = ownStore();
    const files = `${join(folder, "haproxy.cfg")},${join(folder, "site.pem")}`;
    const common = ["sweep", "--proxy", "haproxy", "--cpu", "0.3,0.5", "--rounds", "1", "--json"];
    const own = await runLab([...common, "--config", files, "--url", "https://{{listen}}/"], { store });
    expect(own.code).toBe(0);
    const [record] = recordsIn(own.stdout);
    expect(record!.scenario).toMatchObject({ profile: "own", configurationSha256: expect.any(String) });
    expect(record!.configuration!.files["own/haproxy.cfg"]).toContain("server s1 127.0.0.1:");
    expect(record!.configuration!.replaced).toMatchObject({ listen: expect.stringMatching(/^127\.0\.0\.1:/) });
    expect(record!.originServed).toBeGreaterThan(0);
    expect((await runLab(common, { store })).code).toBe(0);
    const { stdout } = await runLab(["predict", "--proxy", "haproxy", "--cpu", "0.4", "--json"], { store });
    const { data } = JSON.parse(stdout);
    expect(data.leftOut.map(({ differ }: { differ: object }) => Object.keys(differ))).toEqual([
      expect.arrayContaining(["configurationSha256"]),
    ]);
  });

  it("goes through every load tool that knows TLS", { timeout: 120_000 }, async () => {
    const folder = await folderOf(haproxy);
    const files = `${join(folder, "haproxy.cfg")},${join(folder, "site.pem")}`;
    const common = ["sweep", "--proxy", "haproxy", "--cpu", "0.6", "--config", files, "--url", "https://{{listen}}/"];
    for (const load of [
      ["--load", "wrk,ab,autocannon,h2load"],
      ["--load", "vegeta,pacer", "--rate", "200"],
    ]) {
      const grid = [
        "--plan",
        "grid",
        "--window",
        "1s",
        "--max-window",
        "1s",
        "--warmup",
        "0",
        "--anchors",
        "0",
        "--json",
      ];
      const { code, stdout } = await runLab([...common, ...load, ...grid]);
      expect(code).toBe(0);
      for (const { result, originServed } of recordsIn(stdout)) {
        expect(result!.failedRequests).toBe(0);
        expect(originServed! / result!.completedRequests).toBeCloseTo(1, 1);
      }
    }
  });

  it.each([
    ["its checker refuses", "bind {{listen}}\n  nonsense here", /nonsense/],
    ["passes requests on to another machine", "bind {{listen}}\nbackend b\n  server s 10.0.0.5:80", /10\.0\.0\.5/],
    ["listens where nobody says", "bind 127.0.0.1:8080\nbackend b\n  server s 127.0.0.1:1", /--url/],
  ])("refuses a configuration that %s, and leaves nothing running", async (_, lines, told) => {
    const leftovers = watchLeftovers();
    const folder = await folderOf(haproxy);
    const text = `defaults\n  mode http\n  timeout client 1s\n  timeout server 1s\n  timeout connect 1s\nfrontend f\n  ${lines}\n`;
    writeFileSync(
      join(folder, "bad.cfg"),
      text.includes("backend b") ? text : `${text}  default_backend b\nbackend b\n  {{origins}}\n`,
    );
    const run = await runLab(["sweep", "--proxy", "haproxy", "--cpu", "0.5", "--config", join(folder, "bad.cfg")]);
    expect(run.code).toBe(2);
    expect(run.stderr).toMatch(told);
    expect(await leftovers()).toEqual([]);
  });
});

function recordsIn(stdout: string): TrialRecord[] {
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
    .flatMap((event) => (event.type === "trial-finished" ? [event.record] : []));
}
