import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LabEvent } from "../../src/core/domain/events.ts";
import type { TrialRecord } from "../../src/core/domain/record.ts";
import { Lab } from "../../src/core/lab.ts";
import {
  allCells,
  argumentsOf,
  type Cell,
  cellOf,
  concurrency,
  cpu,
  isSupported,
  type MatrixSweep,
  memory,
  nameOf,
  openRate,
  sweepsOf,
} from "../fixtures/matrix.ts";
import { matrixTable, type Outcome } from "../fixtures/matrixTable.ts";
import { missing } from "../fixtures/parts.ts";
import { type Run, runLab } from "../fixtures/runLab.ts";
import { bootSystemd, type SystemdContainer, whyNoContainer } from "../fixtures/systemdContainer.ts";

const { registry, host } = (await Lab.open({ plugins: "plugins.json", store: ":memory:" })).workplace;
const cells = allCells(registry);
const supported = cells.filter((cell) => isSupported(cell, registry));

/** Where systemd does not run this machine, its limiter is tried where it does. */
const systemd = await registry.detect(registry.get("limiter", "systemd-run"), host);
const isElsewhere = (limiter: string) => limiter === "systemd-run" && !systemd.available;
/** Those in the container last: while it runs, Docker reports no memory events of other containers. */
const groups = [
  ...Map.groupBy(supported, ({ role, protocol, limiter }) => `${role} proxies, ${protocol}, under ${limiter}`),
].toSorted(([, [one]], [, [other]]) => Number(isElsewhere(one!.limiter)) - Number(isElsewhere(other!.limiter)));
const noContainer = process.env.LAB_REQUIRE === "all" ? "" : await whyNoContainer();

async function whyNot({ proxy, loadTool, limiter }: Cell): Promise<string> {
  const noLimiter = isElsewhere(limiter) ? noContainer : await missing(`limiter/${limiter}`);
  return [await missing(`proxy/${proxy}`, `load/${loadTool}`), noLimiter].filter((reason) => reason !== "").join("; ");
}
const reasons = new Map(await Promise.all(supported.map(async (cell) => [nameOf(cell), await whyNot(cell)] as const)));
const wanted = supported.filter((cell) => reasons.get(nameOf(cell)) === "");

interface Measured {
  readonly sweep: MatrixSweep;
  readonly run: Run;
  readonly events: readonly LabEvent[];
  readonly records: readonly TrialRecord[];
}

describe("the matrix of real parts", () => {
  const measured: Measured[] = [];
  const store = mkdtempSync(join(tmpdir(), "lab-matrix-"));
  let container: SystemdContainer | { fault: string } | undefined;

  afterAll(async () => {
    if (container && "close" in container) await container.close();
    rmSync(store, { recursive: true });
    console.log(report(measured));
  });

  async function measure(sweep: MatrixSweep): Promise<Measured> {
    const run = isElsewhere(sweep.limiter)
      ? await runInside(container!, argumentsOf(sweep))
      : await runLab(argumentsOf(sweep), { store: join(store, "lab.sqlite") });
    const lines = run.stdout.split("\n").filter((line) => line !== "");
    const events = lines.map((line) => JSON.parse(line) as LabEvent);
    const records = events.flatMap((event) => (event.type === "trial-finished" ? [event.record] : []));
    return { sweep, run, events, records };
  }

  for (const [title, group] of groups) {
    describe(title, () => {
      const mine: Measured[] = [];
      const wantedHere = group.filter((cell) => wanted.includes(cell));

      beforeAll(async () => {
        // A fault fails the trials in the container; all others are measured nevertheless.
        if (wantedHere.some(({ limiter }) => isElsewhere(limiter)))
          container ??= await bootSystemd().catch((error) => ({ fault: String(error) }));
        for (const sweep of sweepsOf(wantedHere, registry)) mine.push(await measure(sweep));
        measured.push(...mine);
      }, 1_200_000);

      it.skipIf(wantedHere.length === 0)(
        "are measured to the end, and nothing of them is left",
        async () => {
          for (const { run, events } of mine) {
            expect(run.stderr).toBe("");
            expect(run.code).toBe(0);
            expect(events[0]?.type).toBe("sweep-planned");
            expect(events.at(-1)?.type).toBe("sweep-finished");
          }
          if (isElsewhere(group[0]!.limiter) && container && "leftovers" in container)
            await expect.poll(container.leftovers, { timeout: 30_000, interval: 500 }).toBe("");
        },
        60_000,
      );

      for (const cell of group) {
        const reason = reasons.get(nameOf(cell));
        const name = `${cell.proxy} is measured by ${cell.loadTool}${reason && ` (not run: ${reason})`}`;
        it.skipIf(reason)(name, () => {
          const record = recordOf(cell, mine);
          expect(record, faultOf(cell, mine)).toBeDefined();
          expectHonest(record!);
        });
      }
    });
  }
});

async function runInside(container: SystemdContainer | { fault: string }, args: readonly string[]): Promise<Run> {
  if ("fault" in container) return { code: null, stdout: "", stderr: container.fault };
  return container.attempt("./lab", ...args, "--store", "/tmp/lab.sqlite");
}

function recordOf(cell: Cell, measured: readonly Measured[]): TrialRecord | undefined {
  return measured.flatMap(({ records }) => records).find((record) => nameOf(cellOf(record)) === nameOf(cell));
}

/** What the lab said where it gave no record. */
function faultOf({ role, protocol, limiter, loadTool }: Cell, measured: readonly Measured[]): string {
  const mine = measured.filter(
    ({ sweep }) => sweep.role === role && sweep.protocol === protocol && sweep.limiter === limiter,
  );
  const said = mine
    .filter(({ sweep }) => sweep.loadTools.includes(loadTool))
    .map(({ run }) => run.stderr.split("\n")[0]);
  return said.find((line) => line) ?? "was not measured";
}

function expectHonest(record: TrialRecord): void {
  const { point, usage, limitsInForce, result, originServed, verdict } = record;
  expect(record.error?.message).toBeUndefined();
  expect(record.status).toBe("completed");
  expect(limitsInForce).toMatchObject({ cpu: point.cpu, memoryBytes: point.memoryBytes });
  expect(result!.completedRequests).toBeGreaterThan(0);
  expect(result!.failedRequests).toBe(0);
  expect(usage!.memoryPeakBytes).toBeGreaterThan(0);
  expect(usage!.memoryPeakBytes).toBeLessThanOrEqual(point.memoryBytes!);
  expect(usage!.oomKills).toBe(0);
  // In a window of a second, a quota period more or less at its edges is a tenth.
  expect(usage!.cpuAchieved! / point.cpu).toBeLessThan(1.25);
  if (verdict!.bound === "proxy-bound") expect(usage!.cpuAchieved! / point.cpu).toBeGreaterThan(0.9);
  // Those that were on their way when the warm-up and when the window ended.
  const gap = originServed! - result!.completedRequests;
  expect(gap).toBeGreaterThanOrEqual(0);
  expect(gap).toBeLessThanOrEqual(2 * point.concurrency);
}

function report(measured: readonly Measured[]): string {
  const outcomeOf = (cell: Cell): Outcome => {
    if (!isSupported(cell, registry)) return undefined;
    const record = recordOf(cell, measured);
    if (record?.result) return { requestsPerSecond: record.result.requestsPerSecond };
    return { without: reasons.get(nameOf(cell)) || (record?.error?.message ?? faultOf(cell, measured)) };
  };
  const loads = `${concurrency} connections (${openRate} requests/s from tools that know no closed loop)`;
  return [
    `requests/s at ${cpu} CPU and ${memory}, ${loads}, in windows of a second: that it works, not how fast it is`,
    "-: a plugin says that it cannot",
    matrixTable(cells, outcomeOf),
  ].join("\n");
}
