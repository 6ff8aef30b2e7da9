import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Launch, PrepareProgress, Program } from "../../src/core/contract/index.ts";
import type { LabEvent } from "../../src/core/domain/events.ts";
import { LocalHost } from "../../src/core/process/host.ts";
import { Ledger } from "../../src/core/process/ledger.ts";
import { freePort } from "../../src/core/process/ports.ts";
import limiter from "../../src/plugins/limiters/docker.ts";
import { layersWith, randomLayer } from "../fixtures/layers.ts";
import { missing } from "../fixtures/parts.ts";
import { type ImageRegistry, serveImage } from "../fixtures/registry.ts";
import { runLab } from "../fixtures/runLab.ts";

const MiB = 1024 * 1024;
const ledger = new Ledger();
const host = await LocalHost.open(ledger);
const why = await missing("limiter/docker", "proxy/haproxy", "load/wrk");

/** HAProxy under a name that no machine has it under. */
const boxed: Program = {
  executables: ["boxed-haproxy"],
  versionArguments: ["-v"],
  versionPattern: "version ([^ ,]+)",
  install: {},
};

describe.skipIf(why)(`images of the docker limiter (${why || "pulled from a registry of the test"})`, () => {
  const docker = new Docker();
  let registry: ImageRegistry;
  let scratch: Awaited<ReturnType<LocalHost["scratchDir"]>>;
  let installed: string | undefined;

  beforeAll(async () => {
    const haproxy = await host.findProgram({ ...boxed, executables: ["haproxy"] });
    if (!haproxy.available) throw new Error(haproxy.reason);
    installed = haproxy.version;
    const program = layersWith(haproxy.executable ?? "haproxy", "boxed-haproxy");
    registry = await serveImage([...program, randomLayer(8 * MiB)], { pauseMs: 80 });
    scratch = await host.scratchDir();
  });

  afterAll(async () => {
    await forget();
    await registry?.close();
    await scratch?.remove();
  });

  /** Removes what was pulled. */
  async function forget(): Promise<void> {
    await docker
      .getImage(registry.image)
      .remove({ force: true })
      .catch(() => {});
  }

  function pull(image: string, onProgress: (progress: PrepareProgress) => void = () => {}, signal?: AbortSignal) {
    const preparation = { images: [image], onProgress, signal: signal ?? new AbortController().signal };
    return limiter.prepare?.(host, {}, preparation) ?? Promise.resolve();
  }

  it("are pulled, telling layers and bytes, and not pulled twice", async () => {
    await forget();
    const told: PrepareProgress[] = [];
    await pull(registry.image, (progress) => told.push(progress));
    expect(told[0]).toEqual({ task: `pull ${registry.image}` });
    expect(told.at(-1)).toEqual({ task: `unpack ${registry.image}`, layers: { done: 3, of: 3 } });
    const sized = told.filter(({ totalBytes }) => totalBytes !== undefined);
    expect(sized.length).toBeGreaterThan(3);
    expect(sized.at(-1)?.totalBytes).toBeGreaterThan(8 * MiB);
    const bytes = told.flatMap(({ doneBytes }) => doneBytes ?? []);
    expect(bytes).toEqual(bytes.toSorted((a, b) => a - b));

    const again: PrepareProgress[] = [];
    await pull(registry.image, (progress) => again.push(progress));
    expect(again).toEqual([]);
  });

  it("are looked into for the program and its version", async () => {
    await pull(registry.image);
    expect(await limiter.detectInImage?.(boxed, registry.image, host, {})).toEqual({
      available: true,
      version: installed,
    });
    const second = { ...boxed, executables: ["unboxed-haproxy", "boxed-haproxy"] };
    expect(await limiter.detectInImage?.(second, registry.image, host, {})).toMatchObject({ available: true });
    const other = { ...boxed, executables: ["no-such-proxy"] };
    expect(await limiter.detectInImage?.(other, registry.image, host, {})).toMatchObject({
      available: false,
      reason: `the image ${registry.image} has no no-such-proxy`,
    });
    const left = await docker.listContainers({ all: true, filters: { label: [`proxy-lab.owner=${process.pid}`] } });
    expect(left).toEqual([]);
  });

  it("run a program that only they have", async () => {
    await pull(registry.image);
    const bind = `bind 127.0.0.1:${await freePort("127.0.0.1")}`;
    writeFileSync(join(scratch.path, "haproxy.cfg"), `frontend f\n mode http\n ${bind}\n timeout client 5s\n`);
    const launch: Launch = {
      name: "boxed",
      argv: ["boxed-haproxy", "-db", "-f", join(scratch.path, "haproxy.cfg")],
      env: { HOME: scratch.path, PATH: "/usr/bin" },
      scratchDir: scratch.path,
      readOnlyDirs: [],
      openFiles: 1024,
      image: registry.image,
    };
    const confined = await limiter.start(launch, { cpu: 0.2, memoryBytes: 64 * MiB }, host, {});
    expect(await confined.limits()).toMatchObject({ cpu: 0.2 });
    await confined.stop(2_000);
  });

  it("that a registry does not have are refused with the reason", async () => {
    await expect(pull(registry.tagged("2"))).rejects.toThrow(/:2 cannot be pulled: the registry has no such image/);
  });

  it("of a registry that is not there are refused with the reason", async () => {
    await expect(pull("127.0.0.1:9/nothing")).rejects.toThrow(/nothing cannot be pulled: .* cannot reach its registry/);
  });

  it("are not pulled on when the user wants no more", async () => {
    await forget();
    const controller = new AbortController();
    const pulled = pull(
      registry.image,
      ({ doneBytes = 0 }) => {
        if (doneBytes > 0) controller.abort();
      },
      controller.signal,
    );
    await expect(pulled).rejects.toThrow(/abort/i);
    await expect(docker.getImage(registry.image).inspect()).rejects.toMatchObject({ statusCode: 404 });
  });

  it("serve a sweep of a proxy that this machine does not have", async () => {
    await forget();
    const events = await sweepBoxed();
    const preparing = events.filter((event) => event.type === "preparing");
    expect(preparing[0]).toMatchObject({ limiter: "docker", task: `pull ${registry.image}` });
    expect(preparing.some(({ remainingSeconds }) => (remainingSeconds ?? 0) > 0)).toBe(true);
    const records = events.flatMap((event) => (event.type === "trial-finished" ? [event.record] : []));
    expect(records.map(({ status }) => status)).toEqual(["completed", "completed"]);
    for (const { environment, usage } of records) {
      expect(environment.versions).toMatchObject({ boxed: installed });
      expect(usage?.cpuAchieved).toBeGreaterThan(0);
    }
  });

  async function sweepBoxed(): Promise<LabEvent[]> {
    const haproxy = resolve("src/plugins/proxies/haproxy.ts");
    const program = JSON.stringify({ ...boxed, image: registry.image });
    const code = `import haproxy from ${JSON.stringify(haproxy)};
export default { ...haproxy, id: "boxed", program: ${program}, plan: plan };
function plan(setup) {
  const { argv, ...rest } = haproxy.plan(setup);
  return { ...rest, argv: ["boxed-haproxy", ...argv.slice(1)] };
}
`;
    writeFileSync(join(scratch.path, "boxed.mjs"), code);
    const api = { proxyLab: { api: "^1.1.0" }, type: "module" };
    writeFileSync(join(scratch.path, "package.json"), JSON.stringify(api));
    const builtIn = ["load/wrk", "limiters/docker"].map((name) => `builtin:${name}`);
    const file = join(scratch.path, "plugins.json");
    writeFileSync(file, JSON.stringify({ plugins: ["./boxed.mjs", ...builtIn] }));
    const point = ["--proxy", "boxed", "--load", "wrk", "--limiter", "docker", "--cpu", "0.1,0.2", "--memory", "128M"];
    const run = await runLab(["sweep", ...point, "--window", "1s", "--warmup", "1s", "--plugins", file, "--json"]);
    expect(run.stderr + run.stdout).toContain("sweep-finished");
    return run.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as LabEvent);
  }
});
