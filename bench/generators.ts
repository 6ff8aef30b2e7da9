/**
 * What do load tools add to the latencies of an open loop themselves? Each tool that can sends straight at one of the lab's own
 * origins, sharing a core with it as in a trial, at rising rates: the latencies that it tells, how late it sends, what it
 * serves of the rate, and the CPU that it takes. A p99 of a proxy below what stands here cannot be shown by that tool.
 * As root, on a machine that is otherwise idle; about two minutes.
 * usage: npm run bench:generators [-- RATE,... [SECONDS]]
 */
import { left, right, tableOf } from "../src/core/cells/table.ts";
import type { LoadReport } from "../src/core/contract/index.ts";
import { Lab } from "../src/core/lab.ts";
import { originUrls } from "../src/core/measure/origin/origin.ts";
import { startOrigins } from "../src/core/measure/origin/start.ts";
import { placeRoles } from "../src/core/measure/sweep/environment.ts";
import { runLoad } from "../src/core/measure/trial/loadRun.ts";
import { processCpuSeconds } from "../src/core/process/kernel/cpuTime.ts";
import { pinSelf } from "../src/core/process/pin.ts";
import { printTable } from "./rounds/report.ts";

const rates = (process.argv[2] ?? "500,2000,5000,10000,20000").split(",").map(Number);
const seconds = Number(process.argv[3] ?? 6);
const concurrency = 32;
const pollMs = 200;
const { signal } = new AbortController();

interface Row {
  readonly tool: string;
  readonly rate: number;
  readonly report: LoadReport;
  /** Cores that the tool used. */
  readonly cpu: number;
}

const lab = await Lab.open({ plugins: "plugins.json", store: ":memory:" });
const { host, registry } = lab.workplace;
const { rest: cores } = placeRoles(host.platform, host.coreIds, 1) ?? {};
const unpin = await pinSelf(cores);
const origins = await startOrigins(host, { count: 1, bodyBytes: 1024, delayMs: 0, cores });
const tools = registry.list("load").filter(({ plugin }) => plugin.supports.loops.includes("open"));
const rows: Row[] = [];
try {
  for (const rate of rates) for (const { plugin } of tools) rows.push(await run(plugin.id, rate));
} finally {
  await origins.stop();
  await unpin();
  lab.close();
}

async function run(tool: string, rate: number): Promise<Row> {
  const [url] = originUrls(origins);
  const wish = {
    urls: [url],
    concurrency,
    keepAlive: true,
    loop: "open",
    requestsPerSecond: rate,
    until: { seconds },
  } as const;
  let [cpuSeconds, timer]: [number, NodeJS.Timeout | undefined] = [0, undefined];
  const onStart = ({ pid }: { readonly pid: number }) => {
    timer = setInterval(() => {
      cpuSeconds = processCpuSeconds(pid) ?? cpuSeconds;
    }, pollMs);
  };
  const entry = registry.get("load", tool);
  const report = await runLoad({ host, registry, signal }, entry, wish, { cores: [...(cores ?? [])], onStart });
  clearInterval(timer);
  return { tool, rate, report, cpu: cpuSeconds / report.durationSeconds };
}

const ms = (value: number | undefined) => (value === undefined ? "" : value.toFixed(2));
console.log(
  `${new Date().toISOString().slice(0, 16)}Z, ${concurrency} connections, ${seconds} s each; latencies in ms`,
);
printTable(
  tableOf(rows, [
    right("rate", ({ rate }) => String(rate)),
    left("tool", ({ tool }) => tool),
    right("served", ({ rate, report }) => (report.completedRequests / report.durationSeconds / rate).toFixed(3)),
    right("p50", ({ report }) => ms(report.latencyMs.p50)),
    right("p90", ({ report }) => ms(report.latencyMs.p90)),
    right("p99", ({ report }) => ms(report.latencyMs.p99)),
    right("late p50", ({ report }) => ms(report.sending?.latenessMs.p50)),
    right("late p99", ({ report }) => ms(report.sending?.latenessMs.p99)),
    right("CPU", ({ cpu }) => cpu.toFixed(2)),
  ]),
);
