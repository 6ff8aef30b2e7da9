import * as v from "valibot";
import type {
  Confined,
  Detection,
  Host,
  Launch,
  LaunchSpec,
  LimiterHost,
  LimiterPlugin,
  Limits,
  LoadOutput,
  LoadPlugin,
  LoadReport,
  LoadSetup,
  ModelPlugin,
  Plugin,
  PluginOptions,
  ProxyPlan,
  ProxyPlugin,
  ProxySetup,
} from "../contract/index.ts";
import { LabError, messageOf } from "../errors.ts";
import * as schemas from "./schemas.ts";

const detectTimeoutMs = 10_000;
const startTimeoutMs = 60_000;

/** The one door to plugin code: bounds its time, checks what it returns, and names plugin and hook in its faults. */
export const door = {
  async detect(plugin: Plugin, host: Host, options: PluginOptions): Promise<Detection> {
    const found = await timed(plugin, "detect", detectTimeoutMs, () => plugin.detect(host, options));
    return checked(plugin, "detect", schemas.detection, found) as Detection;
  },

  planProxy(plugin: ProxyPlugin, setup: ProxySetup): ProxyPlan {
    return checked(
      plugin,
      "plan",
      schemas.proxyPlan,
      called(plugin, "plan", () => plugin.plan(setup)),
    ) as ProxyPlan;
  },

  planLoad(plugin: LoadPlugin, setup: LoadSetup): LaunchSpec {
    return checked(
      plugin,
      "plan",
      schemas.launchSpec,
      called(plugin, "plan", () => plugin.plan(setup)),
    ) as LaunchSpec;
  },

  /** A load tool that failed or printed nonsense is a fault of that run (LAB_LOAD), not of the plugin. */
  parseLoad(plugin: LoadPlugin, output: LoadOutput, setup: LoadSetup): LoadReport {
    let report: LoadReport;
    try {
      report = plugin.parse(output, setup);
    } catch (cause) {
      throw new LabError("LAB_LOAD", messageOf(cause), { cause });
    }
    return checked(plugin, "parse", schemas.loadReport, report) as LoadReport;
  },

  start(
    plugin: LimiterPlugin,
    launch: Launch,
    limits: Limits,
    host: LimiterHost,
    options: PluginOptions,
  ): Promise<Confined> {
    return timed(plugin, "start", startTimeoutMs, () => plugin.start(launch, limits, host, options));
  },

  update(plugin: LimiterPlugin, confined: Confined, limits: Limits): Promise<void> {
    return timed(plugin, "update", startTimeoutMs, () => confined.update(limits));
  },

  async prepare(plugin: LimiterPlugin, host: LimiterHost, options: PluginOptions): Promise<void> {
    await timed(plugin, "prepare", startTimeoutMs, async () => plugin.prepare?.(host, options));
  },

  /** A model as one whose hooks name it when they fail. */
  model(plugin: ModelPlugin): ModelPlugin {
    return {
      ...plugin,
      fit: (training, seed) => called(plugin, "fit", () => plugin.fit(training, seed)),
      predict: (state, x) => called(plugin, "predict", () => plugin.predict(state, x)),
    };
  },
};

function called<T>(plugin: Plugin, hook: string, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    throw fault(plugin, hook, messageOf(cause), cause);
  }
}

async function timed<T>(plugin: Plugin, hook: string, timeoutMs: number, run: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`did not settle in ${timeoutMs / 1000} s`)), timeoutMs);
  });
  try {
    return await Promise.race([run(), late]);
  } catch (cause) {
    throw cause instanceof LabError ? cause : fault(plugin, hook, messageOf(cause), cause);
  } finally {
    clearTimeout(timer);
  }
}

function checked(plugin: Plugin, hook: string, schema: v.GenericSchema, value: unknown): unknown {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  throw fault(
    plugin,
    hook,
    `returned what the contract does not allow: ${schemas.issueTexts(result.issues).join("; ")}`,
  );
}

function fault(plugin: Plugin, hook: string, reason: string, cause?: unknown): LabError {
  return new LabError("LAB_PLUGIN", `${plugin.kind} plugin ${plugin.id}, ${hook}: ${reason}`, { cause });
}
