/**
 * Do capacities hold? Twelve questions, three a proxy: how many requests/s does it serve under this CPU limit at such a p99?
 * Each answered by `lab capacity`, which runs the answer again in a longer window, and 15 % more, which should not hold. As
 * root, on an idle machine; about half an hour.
 * usage: npm run bench:capacities [-- --only PROXY,...]
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { left, right, tableOf } from "../../src/core/cells/table.ts";
import { printTable, printTargets } from "../rounds/report.ts";

const { values } = parseArgs({ options: { only: { type: "string" } } });

/** CPU limits in cores, and goals for the p99 in ms. */
const questions: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  haproxy: [
    [0.1, 60],
    [0.2, 30],
    [0.3, 15],
  ],
  traefik: [
    [0.15, 80],
    [0.3, 40],
    [0.5, 20],
  ],
  squid: [
    [0.15, 80],
    [0.3, 40],
    [0.5, 20],
  ],
  mitmproxy: [
    [0.3, 120],
    [0.4, 80],
    [0.6, 60],
  ],
};

const dir = mkdtempSync(join(tmpdir(), "bench-capacities-"));
const found: Found[] = [];
interface Found {
  readonly proxy: string;
  readonly cpu: number;
  readonly p99Ms: number;
  readonly rate?: number;
  readonly held?: boolean;
  readonly moreHeld?: boolean;
  readonly trials?: number;
  readonly seconds?: number;
  readonly said?: string;
}

for (const [proxy, asked] of Object.entries(questions)) {
  if (values.only && !values.only.split(",").includes(proxy)) continue;
  for (const [cpu, p99Ms] of asked) {
    const goal = ["--cpu", String(cpu), "--p99", `${p99Ms}ms`, "--role", "reverse"];
    const args = ["capacity", "--proxy", proxy, ...goal, "--store", join(dir, "lab.sqlite"), "--json"];
    const { stdout, stderr } = spawnSync("./lab", args, { encoding: "utf8", maxBuffer: 2 ** 28 });
    const answer = JSON.parse(stdout.trim().split("\n").at(-1) || "{}");
    const { recommendedRequestsPerSecond: rate, verification, measuring } = answer;
    const one: Found = {
      ...{ proxy, cpu, p99Ms, rate, ...measuring },
      held: verification?.recommended?.held,
      moreHeld: verification?.above?.held,
      ...(rate === undefined && { said: answer.unmet?.cause ?? stderr.trim().split("\n").at(-1) }),
    };
    found.push(one);
    process.stderr.write(`${JSON.stringify(one)}\n`);
  }
}
rmSync(dir, { recursive: true });

const yes = (value: boolean | undefined) => (value === undefined ? "" : value ? "yes" : "no");
printTable(
  tableOf(found, [
    left("proxy", ({ proxy }) => proxy),
    right("cpu", ({ cpu }) => String(cpu)),
    right("p99 wanted, ms", ({ p99Ms }) => String(p99Ms)),
    right("requests/s", ({ rate, said }) => (rate === undefined ? (said ?? "") : rate.toFixed(0))),
    left("held", ({ held }) => yes(held)),
    left("15 % more held", ({ moreHeld }) => yes(moreHeld)),
    right("trials", ({ trials }) => String(trials ?? "")),
    right("s", ({ seconds }) => seconds?.toFixed(0) ?? ""),
  ]),
);
const verified = found.filter(({ held, moreHeld }) => held === true && moreHeld === false).length;
printTargets([
  {
    what: `held, and 15 % more did not, of ${found.length}`,
    found: String(verified),
    wanted: `${Math.ceil((10 / 12) * found.length)} at least`,
    held: verified >= (10 / 12) * found.length,
  },
]);
