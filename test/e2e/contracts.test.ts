import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LabEvent } from "../../src/core/domain/events.ts";
import type { TrialRecord } from "../../src/core/domain/record.ts";
import { bundles, commands, sweeps } from "../fixtures/contracts/commands.ts";
import { type Output, outputOf } from "../fixtures/contracts/output.ts";
import { alwaysIn, shapeOf } from "../fixtures/contracts/shape.ts";
import { missing } from "../fixtures/parts.ts";
import { runLab } from "../fixtures/runLab.ts";

/** Models that are compared on hundreds of trials take their time on a busy machine. */
const learningMs = 300_000;

const recorded = <T>(name: string): Readonly<Record<string, T>> =>
  JSON.parse(gunzipSync(readFileSync(`test/fixtures/contracts/${name}.json.gz`)).toString());

describe("what programs read of recorded trials is what version 0.1 printed", () => {
  const dir = mkdtempSync(join(tmpdir(), "lab-contracts-"));
  const store = join(dir, "lab.sqlite");
  afterAll(() => rmSync(dir, { recursive: true }));
  beforeAll(async () => {
    for (const bundle of bundles) expect((await runLab(["import", bundle], { store })).code).toBe(0);
  });

  it.each(Object.entries(recorded<Output>("outputs")))(
    "%s",
    async (name, before) => {
      const now = outputOf(await runLab(commands[name]!, { store }));
      expect(now).toEqual(before);
    },
    learningMs,
  );
});

const parts = ["proxy/haproxy", "proxy/squid", "proxy/mitmproxy", "load/wrk", "load/autocannon"] as const;
const lacking = await missing(...parts, "limiter/cgroup");

describe.skipIf(lacking)(`a sweep tells what it told in version 0.1 ${lacking}`, () => {
  const before = recorded<LabEvent[]>("events");
  const known = Object.values(before).flat();

  it.each(Object.keys(sweeps))("%s", async (name) => {
    const { stdout } = await runLab(sweeps[name]!); // in a store of its own
    const events = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as LabEvent);
    const [then, now] = [before[name]!, events].map(storyOf) as [object[], object[]];
    // An adaptive plan goes by what it measures.
    expect(name === "adaptive" ? now.length : now).toEqual(name === "adaptive" ? then.length : then);
    for (const kind of new Set(events.map(kindOf))) expectShape(ofKind(events, kind), ofKind(known, kind));
  });
});

/** What of the events is decided by the plan: their order, points and settings. */
function storyOf(events: readonly LabEvent[]): object[] {
  return events.flatMap((event): object[] => {
    if (event.type === "sample" || event.type === "warning") return [];
    if (event.type === "trial-started") {
      const { type, sequence, replicate, anchor, point } = event;
      return [{ type, sequence, replicate, anchor, point }];
    }
    if (event.type === "trial-finished") return [{ type: event.type, ...settingsOf(event.record) }];
    if (event.type === "sweep-planned") return [{ type: event.type, spec: event.spec, trials: event.trials }];
    return [{ type: event.type }];
  });
}

function settingsOf({
  sequence,
  status,
  point,
  scenario,
  deviations,
  configuration,
  freshProcess,
  error,
}: TrialRecord) {
  // Ports, the checkout's folder and squid's instance are of the run.
  const text = JSON.stringify(configuration ?? {})
    // Before the ports: a name may have as many digits in a row.
    .replace(/"lab\w{6}"/g, '"INSTANCE"')
    .replace(/(?<=\D)\d{4,5}(?=\D)/g, "PORT")
    .replace(/"[^"]*(?=\/src\/plugins\/)/g, '"');
  return { sequence, status, point, scenario, deviations, configuration: text, freshProcess, code: error?.code };
}

/** Records of one status have the same fields; all other events of one type. */
function kindOf(event: LabEvent): string {
  return event.type === "trial-finished" ? `${event.type} ${event.record.status}` : event.type;
}

function ofKind(events: readonly LabEvent[], kind: string): LabEvent[] {
  return events.filter((event) => kindOf(event) === kind);
}

/** Each field is a known one of a known type, and those that were always there still are. */
function expectShape(now: readonly LabEvent[], before: readonly LabEvent[]): void {
  const known = shapeOf(before);
  const strange = [...shapeOf(now)].flatMap(([path, types]) =>
    [...types].filter((type) => !known.get(path)?.has(type)).map((type) => `${path}: ${type}`),
  );
  expect(strange.filter((path) => !/\.(originGap|drift|halfWidth|littleRatio)\b/.test(path))).toEqual([]);
  // A sample leaves out what was not counted since the one before.
  for (const event of now.filter(({ type }) => type !== "sample"))
    expect([...alwaysIn(before)].filter((path) => !shapeOf([event]).has(path))).toEqual([]);
}
