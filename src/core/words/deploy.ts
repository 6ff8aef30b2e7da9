import { limitMillis } from "../answer/recommend.ts";
import { formatCpuLevel } from "../domain/format.ts";

/** Limits to put into force. */
export interface LimitsToSet {
  /** Name of the container, unit or service. */
  readonly name: string;
  /** In cores. */
  readonly cpu: number;
  readonly memoryBytes?: number;
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

/** CPU limits are rounded up, to thousandths of a core; memory limits to whole mebibytes. */
export function deployment({ name, cpu, memoryBytes }: LimitsToSet): Deployment {
  const millis = limitMillis(cpu);
  const cores = String(millis / 1000);
  const mebibytes = memoryBytes === undefined ? undefined : Math.ceil(memoryBytes / 2 ** 20);
  const memory = (line: (size: number) => string) => (mebibytes === undefined ? [] : [line(mebibytes)]);
  const memoryFlags = memory((size) => `--memory ${size}m --memory-swap ${size}m`);
  const lines = (...parts: readonly string[]) => parts.join("\n");
  return {
    docker: `docker update --cpus ${[cores, ...memoryFlags, name].join(" ")}`,
    compose: lines(
      "services:",
      `  ${name}:`,
      "    deploy:",
      "      resources:",
      "        limits:",
      `          cpus: "${cores}"`,
      ...memory((size) => `          memory: ${size}M`),
    ),
    systemd: lines(
      `# systemctl edit ${name}.service`,
      "[Service]",
      `CPUQuota=${millis / 10}%`,
      ...memory((size) => `MemoryMax=${size}M`),
    ),
    kubernetes: lines(
      "resources:",
      ...["requests", "limits"].flatMap((kind) => [
        `  ${kind}:`,
        `    cpu: ${millis}m`,
        ...memory((size) => `    memory: ${size}Mi`),
      ]),
    ),
  };
}
