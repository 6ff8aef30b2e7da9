import type { LimiterPlugin, Limits } from "../../../contract/index.ts";
import { door } from "../../door.ts";
import type { Entry } from "../../registry.ts";
import { limitsOf } from "../check.ts";
import type { LiveLab } from "./lab.ts";
import { usesCpu } from "./limiterCpu.ts";
import * as rules from "./limiterRules.ts";
import { type HeldProgram, type ProgramWish, scripts, withProgram } from "./program.ts";
import type { Steps } from "./steps.ts";

/** Starts programs of a line of shell under the limiter. */
export async function limiterLive(lab: LiveLab, entry: Entry<LimiterPlugin>, steps: Steps): Promise<void> {
  const { plugin } = entry;
  const low = limitsOf(plugin, 0.2);
  const run = (
    rule: string,
    wanted: Omit<ProgramWish, "rule" | "limits">,
    body: (program: HeldProgram) => Promise<void>,
  ) => withProgram(lab, entry, steps, { rule, limits: low, ...wanted }, body);

  if (!(await prepares(lab, entry, steps))) return;
  await run("starts a busy program", { script: scripts.busy }, (program) => tryBusy(lab, plugin, low, program, steps));
  const oneCore = lab.host.cores > 1 && lab.host.platform === "linux" ? { cores: lab.host.coreIds.slice(0, 1) } : {};
  await run("starts a program that ends by itself", { script: scripts.ending, ...oneCore }, async (program) => {
    await steps.try("passes on its exit code and its last words", () => rules.passesExitOn(program));
    await steps.try("gave it its environment, cores, open files and a folder to write to", () =>
      rules.givesItsSurroundings(lab, program),
    );
  });
  await run("starts a program that does not heed SIGTERM", { script: scripts.stubborn }, async (program) => {
    await steps.try("stop() kills it and its child once the grace is over", () => rules.stopsStubborn(program));
  });
  if (!plugin.supports.memory) return;
  const { memoryBytes = 0 } = low;
  await run("starts a program that wants more memory than it may have", { script: scripts.hog }, async (program) => {
    const killed = () => rules.isKilledAtLimit(program, memoryBytes);
    await steps.try("it is killed at its memory limit, and usage() counts it", killed);
  });
}

const prepareTimeoutMs = 60_000;

async function prepares({ host }: LiveLab, { plugin, options }: Entry<LimiterPlugin>, steps: Steps): Promise<boolean> {
  if (!plugin.prepare) return true;
  const prepare = async (signal: AbortSignal) => {
    await door.prepare(plugin, host, options, { images: [], onProgress: () => {}, signal });
    return true;
  };
  return (await steps.try("makes ready what it needs", prepare, { timeoutMs: prepareTimeoutMs })) ?? false;
}

async function tryBusy(lab: LiveLab, plugin: LimiterPlugin, limits: Limits, program: HeldProgram, steps: Steps) {
  const { confined } = program;
  const { supports } = plugin;
  await steps.try("limits() says what was asked for", () => rules.hasInForce(program, limits));
  if (supports.cpu) {
    await steps.try(`holds it at ${limits.cpu} CPU for 2 s, by usage() and by the system`, (signal) =>
      usesCpu(program, limits.cpu!, 2, signal),
    );
  }
  if (supports.liveUpdate) {
    const high = limitsOf(plugin, 0.5);
    await steps.try("update() changes the limits while it runs", async () => {
      await confined.update(high);
      await rules.hasInForce(program, high);
    });
    if (supports.cpu) {
      await steps.try(`holds it at ${high.cpu} CPU for 1 s then`, (signal) => usesCpu(program, high.cpu!, 1, signal));
      await steps.try("update() lifts a limit that it leaves out", async () => {
        const { cpu: _, ...others } = high;
        await confined.update(others);
        await rules.hasInForce(program, others);
      });
    }
  }
  await steps.try("stop() ends it and leaves nothing", () => rules.endsAndLeavesNothing(lab, program));
}
