import type { Command } from "commander";
import type { Detection, Plugin, PluginKind } from "../core/contract/index.ts";
import type { Engine } from "../core/engine.ts";
import { nginxProgram } from "../core/origin/nginx.ts";
import { drawTable } from "../core/report/index.ts";
import { type CommonOptions, openEngine } from "./context.ts";
import { printJson, printLine, terminal } from "./output.ts";

const kinds: readonly PluginKind[] = ["proxy", "load", "limiter", "model"];

/** What one part of the lab found on this machine. */
interface Finding {
  readonly kind: PluginKind | "origin";
  readonly id: string;
  readonly title: string;
  readonly detection: Detection;
}

/** `lab doctor`: what is there, what is missing, and what would help. */
export function addDoctorCommand(program: Command): void {
  program
    .command("doctor")
    .description("show which proxies, load tools and limiters work on this machine, and what would help")
    .action(async (_: unknown, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const engine = await openEngine(options);
      const findings = await findAll(engine);
      if (options.json) printJson({ machine: machineOf(engine), findings: findings.map(flat) });
      else printFindings(engine, findings);
    });
}

async function findAll(engine: Engine): Promise<Finding[]> {
  const entries = kinds.flatMap((kind) => engine.registry.list(kind) as { plugin: Plugin }[]);
  const plugins = entries.map(async ({ plugin }) => {
    const entry = engine.registry.get(plugin.kind, plugin.id);
    return {
      kind: plugin.kind,
      id: plugin.id,
      title: plugin.title,
      detection: await engine.registry.detect(entry, engine.host),
    };
  });
  const nginx = await engine.host.findProgram(nginxProgram);
  return [
    ...(await Promise.all(plugins)),
    { kind: "origin", id: "nginx", title: "nginx as origin server (Node without it)", detection: nginx },
  ];
}

function machineOf({ host }: Engine) {
  return {
    platform: host.platform,
    cores: host.cores,
    memoryBytes: host.memoryBytes,
    root: host.root,
    cgroupVersion: host.cgroupVersion,
  };
}

function flat({ detection, ...finding }: Finding) {
  return { ...finding, ...detection };
}

function printFindings(engine: Engine, findings: readonly Finding[]): void {
  const { cores, memoryBytes, root, cgroupVersion } = machineOf(engine);
  const user = root ? "root" : "not root";
  printLine(`${cores} cores, ${Math.round(memoryBytes / 2 ** 30)} GiB, cgroup ${cgroupVersion ?? "none"}, ${user}\n`);
  const columns = ["kind", "name", "found", "version", "what"].map((title) => ({ title, align: "left" as const }));
  const rows = findings.map(({ kind, id, title, detection }) =>
    detection.available ? [kind, id, "yes", detection.version ?? "-", title] : [kind, id, "no", "-", detection.reason],
  );
  printLine(drawTable({ columns, rows }, terminal()));
  for (const { id, detection } of findings) {
    if (!detection.available && detection.help) printLine(`${id}: ${detection.help}`);
  }
}
