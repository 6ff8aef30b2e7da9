import type { SaidLimit } from "../answer/question.ts";
import { limitMillis } from "../answer/recommend.ts";
import { formatCpuLevel } from "../domain/format.ts";

/** Limits to put into force. */
export interface LimitsToSet {
  /** Name of the container, unit or service. */
  readonly name: string;
  /** In cores. */
  readonly cpu: number;
  readonly memoryBytes?: number;
  /** Limits that no trial ran under. */
  readonly untested?: readonly SaidLimit[] | undefined;
}

/** The same limits in the words of each tool that sets limits, ready to be pasted. */
export interface Deployment {
  readonly docker: string;
  readonly compose: string;
  readonly systemd: string;
  readonly kubernetes: string;
}

/** A CPU limit to set, in cores, rounded up to thousandths: less may not be enough. `0.30`, `0.125`. */
export function formatLimit(cores: number): string {
  return formatCpuLevel(limitMillis(cores) / 1000);
}

/** What stands beside a limit that no trial ran under. */
const UNTESTED = "# untested: no trial ran under it";

/**
 * CPU limits are rounded up, to thousandths of a core; memory limits to whole mebibytes. Comments mark those that no trial
 * ran under: behind them, or in a line before where a comment must have its own.
 */
export function deployment({ name, cpu, memoryBytes, untested = [] }: LimitsToSet): Deployment {
  const millis = limitMillis(cpu);
  const cores = String(millis / 1000);
  const mebibytes = memoryBytes === undefined ? undefined : Math.ceil(memoryBytes / 2 ** 20);
  const memory = (line: (size: number) => string) => (mebibytes === undefined ? [] : [line(mebibytes)]);
  const memoryFlags = memory((size) => `--memory ${size}m --memory-swap ${size}m`);
  const lines = (...parts: readonly string[]) => parts.join("\n");
  const marked = (limit: SaidLimit, line: string) => (untested.includes(limit) ? `${line} ${UNTESTED}` : line);
  const after = (limit: SaidLimit, line: string) => (untested.includes(limit) ? [UNTESTED, line] : [line]);
  return {
    docker: lines(
      ...untested.map((limit) => `# untested: no trial ran under this ${limit === "cpu" ? "CPU" : "memory"} limit`),
      `docker update --cpus ${[cores, ...memoryFlags, name].join(" ")}`,
    ),
    compose: lines(
      "services:",
      `  ${name}:`,
      "    deploy:",
      "      resources:",
      "        limits:",
      marked("cpu", `          cpus: "${cores}"`),
      ...memory((size) => marked("memory", `          memory: ${size}M`)),
    ),
    systemd: lines(
      `# systemctl edit ${name}.service`,
      "[Service]",
      ...after("cpu", `CPUQuota=${millis / 10}%`),
      ...memory((size) => `MemoryMax=${size}M`).flatMap((line) => after("memory", line)),
    ),
    kubernetes: lines(
      "resources:",
      ...["requests", "limits"].flatMap((kind) => [
        `  ${kind}:`,
        marked("cpu", `    cpu: ${millis}m`),
        ...memory((size) => marked("memory", `    memory: ${size}Mi`)),
      ]),
    ),
  };
}

/** All of it, ready to be pasted, for a container, unit or service of this name. */
export function pasteInWords(name: string, { docker, compose, systemd, kubernetes }: Deployment): string {
  return [`to paste, with ${name} as its name:`, docker, compose, systemd, kubernetes].join("\n\n");
}
