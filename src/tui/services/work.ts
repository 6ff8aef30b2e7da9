import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import Conf from "conf";
import type { SweepFlags } from "../../core/domain/options.ts";
import { Engine } from "../../core/engine.ts";
import { LabError } from "../../core/errors.ts";
import { experimentText, flagsFromExperiment, specFrom } from "../../core/experiment/flags.ts";
import type { Entry } from "../../core/hosting/registry.ts";
import { diagnose } from "../../core/machine/doctor/diagnose.ts";
import { configDir, engineOptions, experimentsDir, fromHere, type Named } from "../../core/places.ts";
import { previewSweep } from "../../core/plan/preview.ts";
import { checkSpec } from "../../core/plan/validate.ts";
import type { PluginSummary, Preset, Services } from "../services.ts";
import { predictions } from "./predictions.ts";

/** Records of one answer: what the receiving thread can take in without a visible pause. */
const chunk = 250;

/** What the thread of the services does. */
export type Work = Omit<Services, "command">;

/** The services on an engine, which is opened when it is first needed. `named`: files that the user named. */
export function labWork(named: Named): Work {
  let opened: Promise<Engine> | undefined;
  const engine = () => {
    opened ??= Engine.open(engineOptions(named));
    return opened;
  };
  return {
    async plugins() {
      // Read anew, for whatever is asked from now on: one may just have been added or removed.
      const before = opened;
      const options = engineOptions(named); // a first plugin of the user's makes a list of the user's
      const fresh = Engine.open(options);
      opened = fresh;
      fresh.catch(() => {
        opened = before;
      });
      const { registry } = await fresh;
      const entries = (["proxy", "load", "limiter", "model"] as const).flatMap(
        (kind) => registry.list(kind) as Entry[],
      );
      return { file: fromHere(options.pluginsFile), plugins: entries.map(summary), problems: registry.problems };
    },
    async diagnose() {
      const { registry, host, dataDir } = await engine();
      registry.forgetDetections();
      return diagnose({ registry, host, dataDir });
    },
    sweeps: async () => (await engine()).store.sweeps(),
    trialsAfter: async (place) => (await engine()).store.trialsAfter(place, chunk),
    async preview(flags) {
      const { registry, host } = await engine();
      const spec = await specFrom(flags, undefined, registry);
      checkSpec(spec, registry, host);
      return previewSweep(spec);
    },
    presets,
    saveExperiment,
    recall: async () => asFlags(settings().get("lastSweep")),
    remember: async (flags) => settings().set("lastSweep", flags),
    ...predictions(engine),
  };
}

/** The user's settings; a file that cannot be read counts as empty. */
function settings(): Conf<Record<string, unknown>> {
  return new Conf({ cwd: configDir, configName: "console", projectName: "proxy-lab", clearInvalidConfig: true });
}

/** What was remembered, if it has the shape of flags: others can write the file too. */
function asFlags(value: unknown): SweepFlags | undefined {
  const isFlags =
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((one) => typeof one === "string" || typeof one === "boolean");
  return isFlags ? (value as SweepFlags) : undefined;
}

function summary({ plugin, source, file }: Entry): PluginSummary {
  const { kind, id, title } = plugin;
  const proxy = kind === "proxy" ? { roles: plugin.supports.roles, balancing: plugin.supports.balancing } : {};
  return { kind, id, title, source, ...(file === undefined ? {} : { file }), ...proxy };
}

/** Experiment files of the lab, and those of a folder `experiments` where the user stands. Those with a fault are left out. */
async function presets(): Promise<Preset[]> {
  const folders = [...new Set([join(process.cwd(), "experiments"), experimentsDir])];
  const found: Preset[] = [];
  for (const folder of folders) {
    for (const name of (await readdir(folder).catch(() => [])).sort()) {
      if (/\.ya?ml$/.test(name)) found.push(...(await presetOf(join(folder, name), name)));
    }
  }
  return found;
}

async function presetOf(file: string, name: string): Promise<Preset[]> {
  try {
    return [{ file, name: name.replace(/\.ya?ml$/, ""), ...flagsFromExperiment(await readFile(file, "utf8"), file) }];
  } catch {
    return [];
  }
}

async function saveExperiment(file: string, flags: SweepFlags): Promise<void> {
  try {
    await writeFile(file, experimentText(flags), { flag: "wx" });
  } catch (cause) {
    const there = (cause as NodeJS.ErrnoException).code === "EEXIST";
    throw new LabError("LAB_USAGE", there ? `${file} is there already` : `${file} cannot be written`, { cause });
  }
}
