/**
 * Do the limiters agree? HAProxy and squid under cgroup, docker and systemd-run at the same CPU limits: requests per CPU
 * second of the proxy. Each round starts all arms anew; they then take turns of a second, in random order, because the
 * cost of a request drifts within seconds on most machines. Where systemd does not run this machine, systemd-run is
 * measured in a container in which it does, with the proxies of this machine, and cgroup in there as well: that shows what
 * the container costs by itself. As root, on a machine that is otherwise idle.
 * usage: npm run bench:limiters [-- --rounds 6 --laps 8 --window 1 --seed 1]
 */
import { parseArgs } from "node:util";
import { interruptible } from "../src/cli/terminal/interrupt.ts";
import { formatDuration } from "../src/core/domain/format.ts";
import { messageOf } from "../src/core/errors.ts";
import { Lab } from "../src/core/lab.ts";
import { median, random, shuffled } from "../src/core/statistics/index.ts";
import { bootSystemd, type SystemdContainer } from "../test/fixtures/systemdContainer.ts";
import { type Arm, type OpenArm, openArm } from "./limiters/arm.ts";
import type { Lap } from "./limiters/ratios.ts";
import { type LapsBySetting, tables, verdict } from "./limiters/report.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "6" },
    laps: { type: "string", default: "8" },
    window: { type: "string", default: "1" },
    seed: { type: "string", default: "1" },
  },
});
const [rounds, lapsPerRound, windowSeconds] = [Number(values.rounds), Number(values.laps), Number(values.window)];
const draw = random(Number(values.seed));
/** Of starting an arm, and of a turn beside its window; a first guess for the time left. */
const overheadSeconds = { start: 2.5, turn: 0.4 };

const proxies = ["haproxy", "squid"];
const settings = proxies.flatMap((proxy) => [0.2, 0.5].map((cpu) => ({ proxy, cpu, name: `${proxy} at ${cpu} CPU` })));
type Setting = (typeof settings)[number];

const { registry, host } = (await Lab.open({ plugins: "plugins.json", store: ":memory:" })).workplace;
const hasSystemd = (await registry.detect(registry.get("limiter", "systemd-run"), host)).available;
const limiters: Arm[] = [
  { name: "cgroup", limiter: "cgroup", inContainer: false },
  { name: "docker", limiter: "docker", inContainer: false },
  { name: "systemd-run", limiter: "systemd-run", inContainer: !hasSystemd },
];
const control: Arm[] = hasSystemd ? [] : [{ name: "cgroup in container", limiter: "cgroup", inContainer: true }];
const arms = [...limiters, ...control];
const namesOf = (some: readonly Arm[]) => some.map(({ name }) => name);

await interruptible(async (signal) => {
  const container = hasSystemd ? undefined : await bootSystemd(await programs());
  try {
    const all = await measureAll(container, signal);
    const { agree, text } = verdict(all, namesOf(limiters));
    console.log(`\n${tables(all, namesOf(arms))}\n\n${text}`);
    process.exitCode = agree ? 0 : 1;
  } catch (error) {
    console.error(messageOf(error));
    process.exitCode = 2;
  } finally {
    await container?.close();
  }
});
process.exit();

/** The proxies of this machine, which in the container take the place of its own: all arms run the same. */
async function programs(): Promise<string[]> {
  const found = await Promise.all(proxies.map((id) => registry.require(registry.get("proxy", id), host)));
  return found.flatMap(({ executable }) => executable ?? []);
}

async function measureAll(container: SystemdContainer | undefined, signal: AbortSignal): Promise<LapsBySetting> {
  const all = new Map(settings.map(({ name }) => [name, [] as Lap[]]));
  const blocks = rounds * settings.length;
  const from = performance.now();
  const block = arms.length * (overheadSeconds.start + (lapsPerRound + 1) * (windowSeconds + overheadSeconds.turn));
  console.log(`${rounds} rounds of ${lapsPerRound} laps: about ${formatDuration(blocks * block)}`);
  for (let done = 0; done < blocks; ) {
    for (const setting of shuffled(settings, draw)) {
      const laps = await measureSetting(setting, container, signal);
      all.get(setting.name)!.push(...laps);
      done++;
      const secondsLeft = ((performance.now() - from) / 1000 / done) * (blocks - done);
      const figures = namesOf(arms).map((arm) => `${arm} ${median(laps.map((lap) => lap.get(arm)!)).toFixed(0)}`);
      console.log(
        `${setting.name}: ${figures.join(", ")} requests per CPU second; ${formatDuration(secondsLeft)} left`,
      );
    }
  }
  return all;
}

/** Starts all arms, lets each warm up for a turn, and measures them lap by lap. */
async function measureSetting(
  { proxy, cpu }: Setting,
  container: SystemdContainer | undefined,
  signal: AbortSignal,
): Promise<Lap[]> {
  const open: OpenArm[] = [];
  try {
    for (const arm of shuffled(arms, draw)) {
      signal.throwIfAborted();
      open.push(await openArm(arm, { proxy, cpu, limiter: arm.limiter, windowSeconds }, container));
    }
    const versions = new Set(open.map(({ version }) => version));
    if (versions.size > 1) throw new Error(`the arms run different versions of ${proxy}: ${[...versions].join(", ")}`);
    for (const arm of open) await arm.measure();
    const laps: Lap[] = [];
    while (laps.length < lapsPerRound) laps.push(await measureLap(open, signal));
    return laps;
  } finally {
    for (const arm of open) await arm.close();
  }
}

async function measureLap(open: readonly OpenArm[], signal: AbortSignal): Promise<Lap> {
  const lap = new Map<string, number>();
  for (const arm of shuffled(open, draw)) {
    signal.throwIfAborted();
    lap.set(arm.name, (await arm.measure()).requestsPerCpuSecond);
  }
  return lap;
}
