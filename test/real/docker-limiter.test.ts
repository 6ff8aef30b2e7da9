import { execFileSync, spawn } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import Docker from "dockerode";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Confined, Launch, Limits } from "../../src/core/contract/index.ts";
import { LocalHost } from "../../src/core/process/host.ts";
import { Ledger } from "../../src/core/process/ledger.ts";
import { freePort } from "../../src/core/process/ports.ts";
import limiter from "../../src/plugins/limiters/docker.ts";
import { killedWhenTold } from "../fixtures/memoryHog.ts";

const MiB = 1024 * 1024;
const ledger = new Ledger();
const host = await LocalHost.open(ledger);
const found = await limiter.detect(host, {});
const why = process.env.LAB_REQUIRE === "all" || found.available ? "" : found.reason;
const nothingMore = { images: [], onProgress: () => {}, signal: new AbortController().signal };
const haproxy = await host.findProgram({
  executables: ["haproxy"],
  versionArguments: ["-v"],
  versionPattern: "version ([^ ,]+)",
  install: { apt: ["haproxy"] },
});

describe.skipIf(why)(`the docker limiter (${why || "with the daemon of this machine"})`, () => {
  const docker = new Docker();
  let scratch: Awaited<ReturnType<LocalHost["scratchDir"]>>;
  const started: Confined[] = [];

  beforeAll(async () => {
    scratch = await host.scratchDir();
    await limiter.prepare?.(host, {}, nothingMore);
  });
  afterEach(async () => {
    await Promise.all(started.splice(0).map((confined) => confined.stop(0)));
  });
  afterAll(() => scratch?.remove());

  async function start(argv: Launch["argv"], limits: Limits, changes: Partial<Launch> = {}, options = {}) {
    const launch = { name: "test", argv, executable: argv[0], env: { HOME: scratch.path, PATH: "/usr/bin" } };
    const complete = { ...launch, scratchDir: scratch.path, readOnlyDirs: [], openFiles: 1024, ...changes };
    const confined = await limiter.start(complete, limits, host, options);
    started.push(confined);
    return confined;
  }

  const busy: Launch["argv"] = ["/usr/bin/sh", "-c", "trap 'exit 0' TERM; while :; do :; done"];

  async function cpuOver(confined: Confined, seconds: number): Promise<number> {
    const [before, from] = [await confined.usage(), performance.now()];
    await sleep(seconds * 1000);
    const [after, until] = [await confined.usage(), performance.now()];
    return ((after.cpuSeconds ?? 0) - (before.cpuSeconds ?? 0)) / ((until - from) / 1000);
  }

  it("holds a busy program at 0.3 CPU, and at 0.6 after an update while it runs, by the kernel's counters", async () => {
    const confined = await start(busy, { cpu: 0.3, memoryBytes: 64 * MiB });
    expect(await confined.limits()).toEqual({ cpu: 0.3, periodSeconds: 0.1, memoryBytes: 64 * MiB });
    const low = await cpuOver(confined, 4);
    const { throttledPeriods = 0, periods = 0, oomKills, memoryBytes = 0 } = await confined.usage();
    await confined.update({ cpu: 0.6, memoryBytes: 64 * MiB });
    expect(await confined.limits()).toMatchObject({ cpu: 0.6 });
    const high = await cpuOver(confined, 4);
    expect(low).toBeGreaterThan(0.2); // other work on the machine may keep it below its limit
    expect(low).toBeLessThan(0.33);
    expect(high).toBeGreaterThan(low * 1.3);
    expect(high).toBeLessThan(0.66);
    expect(periods).toBeGreaterThan(20);
    expect(throttledPeriods / periods).toBeGreaterThan(0.5);
    expect(oomKills).toBe(0);
    expect(memoryBytes).toBeGreaterThan(0);
  });

  it("changes the memory limit and the period, and lifts all limits", async () => {
    const confined = await start(busy, { cpu: 0.1, memoryBytes: 64 * MiB });
    await confined.update({ cpu: 0.5, memoryBytes: 32 * MiB, periodSeconds: 0.02 });
    expect(await confined.limits()).toEqual({ cpu: 0.5, periodSeconds: 0.02, memoryBytes: 32 * MiB });
    await confined.update({});
    expect(await confined.limits()).toEqual({});
    await confined.update({ memoryBytes: 128 * MiB });
    expect(await confined.limits()).toEqual({ memoryBytes: 128 * MiB });
  });

  it("starts without limits where none are asked for", async () => {
    expect(await (await start(busy, {})).limits()).toEqual({});
  });

  it("says which update the daemon or the kernel refuses, and leaves the limits as they were", async () => {
    const confined = await start(busy, { cpu: 0.2, memoryBytes: 64 * MiB });
    await expect(confined.update({ cpu: 0.2, memoryBytes: MiB })).rejects.toThrow(/6MB/);
    await expect(confined.update({ cpu: 0.001 })).rejects.toThrow(/\b1000 us\b/);
    expect(await confined.limits()).toMatchObject({ cpu: 0.2, memoryBytes: 64 * MiB });
  });

  it("gives the program its environment, folder, cores and limit on open files, and nothing more", async () => {
    const script = "exec 2>&1; env; pwd; ls /; echo ok > written; touch /etc/x /usr/x; sleep 30";
    const confined = await start(
      ["/usr/bin/sh", "-c", script],
      {},
      { cores: [0], env: { HOME: scratch.path, LAB: "1" } },
    );
    await expect.poll(() => confined.tail()).toContain("touch: cannot touch '/usr/x'");
    expect(confined.tail()).toContain("touch: cannot touch '/etc/x'");
    expect(confined.tail()).toContain("LAB=1");
    expect(confined.tail()).not.toMatch(/_proxy=|DOCKER_HOST/i);
    expect(confined.tail()).toContain(`\n${scratch.path}\n`);
    expect(readFileSync(`${scratch.path}/written`, "utf8")).toBe("ok\n");
    expect(readFileSync(`/proc/${confined.pid}/status`, "utf8")).toMatch(/Cpus_allowed_list:\t0\n/);
    expect(readFileSync(`/proc/${confined.pid}/limits`, "utf8")).toMatch(/Max open files +1024 +1024 /);
  });

  it("ends by SIGTERM a program that does not catch it, with its children, and leaves no container", async () => {
    const confined = await start(["/usr/bin/sh", "-c", "setsid sleep 91 & exec sleep 92"], {});
    const group = `/proc/${confined.pid}/cgroup`;
    const inGroup = () =>
      execFileSync("sh", ["-c", `grep -lsxF "$0" /proc/[0-9]*/cgroup || true`, line], { encoding: "utf8" });
    const line =
      readFileSync(group, "utf8")
        .split("\n")
        .find((text) => /docker/.test(text)) ?? "";
    await expect.poll(() => inGroup().trim().split("\n").length).toBe(2);
    const from = performance.now();
    await confined.stop(10_000);
    expect(performance.now() - from).toBeLessThan(10_000);
    expect(await confined.exited).toEqual({ signal: "SIGTERM" });
    expect(inGroup()).toBe("");
    expect(await ownContainers()).toEqual([]);
    expect(ledger.owned.filter(({ kind }) => kind === "process")).toEqual([]);
  });

  it("kills a program that does not heed SIGTERM when its grace is over", async () => {
    const confined = await start(["/usr/bin/sh", "-c", "trap '' TERM; echo deaf; while :; do sleep 1; done"], {});
    await expect.poll(() => confined.tail()).toContain("deaf");
    await confined.stop(300);
    expect(await confined.exited).toEqual({ signal: "SIGKILL" });
    await confined.stop(300); // once more does no harm
  });

  it("counts a kill at the memory limit, also after the container is gone", async () => {
    const confined = await start(killedWhenTold, { memoryBytes: 32 * MiB });
    writeFileSync(`${scratch.path}/go`, "");
    await expect.poll(async () => (await confined.usage()).oomKills).toBeGreaterThan(0);
    rmSync(`${scratch.path}/go`);
    expect(await confined.exited).toEqual({ code: 9 });
    expect((await confined.usage()).oomKills).toBeGreaterThan(0);
  });

  it("gives the exit code and the last output of a program that ends by itself", async () => {
    const script = "until [ -e go ]; do sleep 0.1; done; echo last words >&2; exit 7";
    const confined = await start(["/usr/bin/sh", "-c", script], {});
    writeFileSync(`${scratch.path}/go`, "");
    expect(await confined.exited).toEqual({ code: 7 });
    rmSync(`${scratch.path}/go`);
    expect(confined.tail()).toBe("last words");
  });

  it("fails with the last output of a program that ends at once", async () => {
    const argv: Launch["argv"] = ["/usr/bin/sh", "-c", "echo unknown keyword in line 3; exit 1"];
    const told = await start(argv, { cpu: 0.5 }).then(
      // It may be so slow to end that it was seen to run.
      async (confined) => `exit code ${(await confined.exited).code}: ${confined.tail()}`,
      (error: Error) => error.message,
    );
    expect(told).toMatch(/exit code 1.*unknown keyword in line 3/);
    await expect.poll(() => ownContainers()).toEqual([]);
  });

  it("fails with the reason for a program that is not there, and leaves no container", async () => {
    await expect(start(["/usr/bin/no-such-program"], {})).rejects.toThrow(/no such file/);
    expect(await ownContainers()).toEqual([]);
  });

  it("removes at the next start what a lab left behind that died between creating and starting", async () => {
    const source = await docker.listImages({ filters: { reference: ["proxy-lab-host"] } });
    const left = await docker.createContainer({
      Image: source[0]?.Id ?? "",
      Cmd: ["true"],
      Labels: { "proxy-lab": "test", "proxy-lab.owner": "4194305" },
    });
    await limiter.prepare?.(host, {}, nothingMore);
    await expect(left.inspect()).rejects.toMatchObject({ statusCode: 404 });
  });

  it("leaves alone what a lab made whose processes it cannot see", async () => {
    const source = await docker.listImages({ filters: { reference: ["proxy-lab-host"] } });
    const theirs = await docker.createContainer({
      Image: source[0]?.Id ?? "",
      Cmd: ["true"],
      Labels: { "proxy-lab": "test", "proxy-lab.owner": "4194305", "proxy-lab.place": "another machine" },
    });
    await limiter.prepare?.(host, {}, nothingMore);
    await theirs.inspect();
    await theirs.remove();
  });

  it("leaves no container when the lab is killed", async () => {
    const lab = spawn(process.execPath, ["--import", "tsx", "test/fixtures/docker-orphan.ts"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await lab.stdout.take(1).toArray()) as Buffer[];
    expect(await ownContainers(lab.pid)).toHaveLength(1);
    expect(Number(line)).toBeGreaterThan(0);
    lab.kill("SIGKILL");
    await expect.poll(() => ownContainers(lab.pid)).toEqual([]);
  });

  it.skipIf(!haproxy.available && process.env.LAB_REQUIRE !== "all")("runs the HAProxy of this machine", async () => {
    const port = await freePort("127.0.0.1");
    const frontend = `frontend f\n bind 127.0.0.1:${port}\n monitor-uri /ok\n`;
    writeFileSync(
      `${scratch.path}/haproxy.cfg`,
      `global\n nbthread 1\ndefaults\n mode http\n timeout client 5s\n${frontend}`,
    );
    const executable = haproxy.available ? haproxy.executable : undefined;
    const argv: Launch["argv"] = ["haproxy", "-db", "-f", `${scratch.path}/haproxy.cfg`];
    const confined = await start(
      argv,
      { cpu: 0.3, memoryBytes: 64 * MiB },
      { executable: executable ?? "/usr/sbin/haproxy" },
    );
    await expect.poll(() => status(`http://127.0.0.1:${port}/ok`)).toBe(200);
    const usage = await confined.usage();
    expect(usage.cpuSeconds).toBeGreaterThan(0);
    expect(usage.memoryPeakBytes).toBeLessThanOrEqual(64 * MiB);
    await confined.stop(5_000);
    expect(await confined.exited).not.toEqual({ signal: "SIGKILL" });
  });

  async function ownContainers(owner = process.pid): Promise<string[]> {
    const listed = await docker.listContainers({ all: true, filters: { label: [`proxy-lab.owner=${owner}`] } });
    return listed.map(({ Names, State }) => `${Names[0]} ${State}`);
  }
});

function status(url: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    get(url, (response) => resolve(response.resume().statusCode)).on("error", () => resolve(undefined));
  });
}
