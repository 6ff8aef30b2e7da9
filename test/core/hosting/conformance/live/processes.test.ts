import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  filesWrittenBy,
  groupFoldersOf,
  leavesNoProcess,
  processesOf,
} from "../../../../../src/core/hosting/conformance/live/processes.ts";
import { endsInOrder, writesOnlyInItsFolder } from "../../../../../src/core/hosting/conformance/live/proxyRules.ts";
import { LocalHost } from "../../../../../src/core/process/host.ts";
import { resolveLaunch } from "../../../../../src/core/process/launcher.ts";
import { Ledger } from "../../../../../src/core/process/ledger.ts";

const host = await LocalHost.open(new Ledger());

/** A line of shell as the lab starts programs; it has printed "ready" when this resolves. */
async function start(script: string) {
  const scratch = await host.scratchDir();
  const found = { available: true, executable: "/bin/sh" } as const;
  const spec = { argv: ["sh", "-c", script] } as const;
  const launch = await resolveLaunch(spec, { name: "check", found, scratchDir: scratch.path });
  const child = await host.launch(launch);
  onTestFinished(async () => {
    await child.stop(0);
    await leavesNoProcess(scratch.path, child.pid).catch(() => {});
    await scratch.remove();
  });
  while (!child.tail().includes("ready")) await sleep(5);
  return { launch, process: child };
}

describe.skipIf(process.platform !== "linux")("what the system says of processes", () => {
  it("finds all that was started, also in a session of its own", async () => {
    const { launch, process: child } = await start("sleep 60 & setsid sleep 60 & echo ready; wait");
    await expect.poll(() => processesOf(launch.scratchDir, child.pid)).toHaveLength(3);
  });

  it("finds what has written over its environment, by its session", async () => {
    const { process: child } = await start("echo ready; sleep 60; :");
    expect(await processesOf("/nowhere", child.pid)).toContain(child.pid);
    expect(await processesOf("/nowhere", 0)).toEqual([]);
  });

  it("finds the files that are open for writing, and no others", async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), "elsewhere-"));
    onTestFinished(() => rmSync(elsewhere, { recursive: true }));
    const opened = `exec 5>${elsewhere}/log 6>own 7</etc/passwd 8>/dev/null; rm own; exec 6>own`;
    const started = await start(`${opened}; echo ready; sleep 60; :`);
    const files = await filesWrittenBy(started.process.pid);
    expect(files.sort()).toEqual([`${elsewhere}/log`, join(started.launch.scratchDir, "own")].sort());
    await expect(writesOnlyInItsFolder(started)).rejects.toThrow(`${elsewhere}/log`);
  });

  it("lets a program write into its folder", async () => {
    await expect(writesOnlyInItsFolder(await start("exec 5>log; echo ready; sleep 60; :"))).resolves.toBeUndefined();
  });

  it("names the control groups of a process", async () => {
    const folders = await groupFoldersOf("self");
    expect(folders.every((folder) => folder.startsWith("/sys/fs/cgroup"))).toBe(true);
    expect(await groupFoldersOf(2 ** 22 + 1)).toEqual([]);
  });
});

describe.skipIf(process.platform !== "linux")("the end of a proxy", () => {
  it("is in order when it heeds SIGTERM and takes its children along", async () => {
    await expect(endsInOrder(await start("sleep 60 & echo ready; wait"))).resolves.toBeTypeOf("number");
  });

  it("is not when it must be killed", async () => {
    const stubborn = await start("trap '' TERM; echo ready; while :; do sleep 0.1; done");
    await expect(endsInOrder(stubborn, 200)).rejects.toThrow(/\b0\.2 s\b.*\bSIGTERM$/);
  });

  it("is not when a daemon of it stays, which is then killed", async () => {
    const daemon = await start("setsid sh -c 'echo ready; exec sleep 61' & wait");
    await expect(endsInOrder(daemon)).rejects.toThrow(/: (sh|sleep) \(\d+\)$/);
    await expect.poll(() => processesOf(daemon.launch.scratchDir, daemon.process.pid)).toEqual([]);
  });
});
