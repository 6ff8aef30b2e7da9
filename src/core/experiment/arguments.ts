/** What to measure, as text: the options of `lab sweep`. */
export interface SweepFlags {
  readonly proxy?: string;
  readonly load?: string;
  readonly limiter?: string;
  readonly role?: string;
  readonly cpu?: string;
  readonly memory?: string;
  readonly servers?: string;
  readonly concurrency?: string;
  readonly window?: string;
  readonly maxWindow?: string;
  readonly rate?: string;
  readonly anchors?: string;
  readonly warmup?: string;
  readonly body?: string;
  readonly originDelay?: string;
  readonly origin?: string;
  readonly keepAlive?: boolean;
  readonly profile?: string;
  readonly fresh?: boolean;
  readonly seed?: string;
  readonly port?: string;
  readonly replicates?: string;
  readonly plan?: string;
  readonly trials?: string;
  readonly until?: string;
  readonly budget?: string;
  readonly quick?: boolean;
}

/** Flags as the arguments of `lab sweep`. */
export function argumentsOf(flags: SweepFlags): string[] {
  return Object.entries(flags).flatMap(([name, value]) => {
    const option = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    if (typeof value !== "boolean") return value === undefined ? [] : [`--${option}`, value];
    return name === "keepAlive" ? (value ? [] : ["--no-keep-alive"]) : value ? [`--${option}`] : [];
  });
}
