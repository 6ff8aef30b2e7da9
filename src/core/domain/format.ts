/** What stands where there is no figure. */
export const ABSENT = "-";

type Value = number | undefined;

/** A figure with the interval it lies in. */
interface Quantity {
  readonly estimate: number;
  readonly low?: number;
  readonly high?: number;
}

const THOUSANDS = ["", "k", "M", "G", "T"];
const BYTES = ["B", "KiB", "MiB", "GiB", "TiB"];

/** A rate or other number in three digits: `26.7k`, `842`, `8.40`. */
export function formatRate(value: Value): string {
  if (!isFigure(value)) return ABSENT;
  const [scaled, exponent] = scale(value, 1000, THOUSANDS.length);
  return digits(scaled) + THOUSANDS[exponent];
}

/** A whole number with its thousands marked: `5,020`. */
export function formatCount(value: Value): string {
  return isFigure(value) ? Math.round(value).toLocaleString("en") : ABSENT;
}

/** Seconds as `850 ms`, `3.2 s`, `41 s`, `2 m 50 s`, `1 h 5 m`. */
export function formatDuration(seconds: Value): string {
  if (!isFigure(seconds)) return ABSENT;
  if (Math.round(seconds * 1000) < 1000) return `${Math.round(seconds * 1000)} ms`;
  if (Math.round(seconds * 10) < 100) return `${trim(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} m ${whole % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} m`;
}

/** Bytes in binary units: `64 MiB`, `1.5 KiB`. */
export function formatBytes(bytes: Value): string {
  if (!isFigure(bytes)) return ABSENT;
  const [scaled, exponent] = scale(bytes, 1024, BYTES.length);
  return `${exponent === 0 ? Math.round(scaled) : trim(digits(scaled))} ${BYTES[exponent]}`;
}

/** CPU in cores: `0.30`, and a third decimal below a tenth where there is one: `0.025`. */
export function formatCores(cores: Value): string {
  if (!isFigure(cores)) return ABSENT;
  return Math.abs(cores) < 0.0995 ? cores.toFixed(3).replace(/0$/, "") : cores.toFixed(2);
}

/** Kept, as to make one takes longer than to draw a plan with it. */
const cpuLevels = new Intl.NumberFormat("en", {
  minimumFractionDigits: 2,
  maximumFractionDigits: 4,
  useGrouping: false,
});

/** A CPU level as it was asked for, two decimals at least: `0.30`, `0.125`. */
export function formatCpuLevel(cores: number): string {
  return cpuLevels.format(cores);
}

/** `1 server`, `3 servers`. */
export function plural(count: number, word: string): string {
  return `${formatCount(count)} ${word}${count === 1 ? "" : "s"}`;
}

/** A share (0 to 1) in per cent: `61 %`, `0.4 %`; a share that is not 0 never prints as 0. */
export function formatPercent(share: Value): string {
  if (!isFigure(share)) return ABSENT;
  const percent = share * 100;
  if (percent > 0 && percent < 0.05) return "<0.1 %";
  return `${Math.abs(percent) < 9.95 ? trim(percent.toFixed(1)) : Math.round(percent)} %`;
}

/** Milliseconds in three digits: `0.38 ms`, `38.2 ms`, `1,204 ms`. */
export function formatMilliseconds(ms: Value): string {
  if (!isFigure(ms)) return ABSENT;
  return `${Math.abs(ms) < 999.5 ? trim(digits(ms)) : formatCount(ms)} ms`;
}

/** A coefficient of correlation: `0.98`, `-0.71`. */
export function formatCoefficient(r: Value): string {
  return isFigure(r) ? r.toFixed(2) : ABSENT;
}

/** A ratio by which something is larger: `x1.23`. */
export function formatTimes(ratio: Value): string {
  return isFigure(ratio) ? `x${ratio.toFixed(2)}` : ABSENT;
}

/** A figure with its interval: `26.7k (25.8k to 27.6k)`. */
export function formatInterval(quantity: Quantity | undefined, format: (value: Value) => string): string {
  if (!quantity || !isFigure(quantity.estimate)) return ABSENT;
  const { estimate, low, high } = quantity;
  if (!isFigure(low) && !isFigure(high)) return format(estimate);
  return `${format(estimate)} (${format(low)} to ${format(high)})`;
}

const BY_UNIT: Readonly<Record<string, (value: Value) => string>> = {
  "requests/s": formatRate,
  requests: formatCount,
  kills: formatCount,
  s: formatDuration,
  ms: formatMilliseconds,
  bytes: formatBytes,
  "bytes/s": (value) => (isFigure(value) ? `${formatBytes(value)}/s` : ABSENT),
  cores: formatCores,
  share: formatPercent,
  servers: formatCount,
  connections: formatCount,
  µs: (value) => (isFigure(value) ? `${formatRate(value)} µs` : ABSENT),
};

/** A figure as its unit is usually written; three digits for units that are not known here. */
export function formatFigure(value: Value, unit: string): string {
  return (BY_UNIT[unit] ?? formatRate)(value);
}

const BARE = new Set(["requests/s", "requests", "kills", "cores", "servers", "connections"]);

/** A figure with its unit: `0.30 cores`, `1 server`, `64 MiB`. */
export function formatWithUnit(value: Value, unit: string): string {
  const text = formatFigure(value, unit);
  if (!BARE.has(unit) || text === ABSENT) return text;
  return `${text} ${text === "1" ? unit.replace(/s$/, "") : unit}`;
}

export function isFigure(value: Value | null): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/** Value in the largest unit that leaves 1 or more after rounding to three digits, and the exponent of that unit. */
function scale(value: number, base: number, units: number): [scaled: number, exponent: number] {
  let scaled = value;
  let exponent = 0;
  while (exponent < units - 1 && Math.abs(Number(scaled.toPrecision(base === 1000 ? 3 : 4))) >= base) {
    scaled /= base;
    exponent += 1;
  }
  return [scaled, exponent];
}

function digits(value: number): string {
  if (value === 0) return "0";
  return Math.abs(value) >= 999.5 ? value.toFixed(0) : value.toPrecision(3);
}

function trim(decimal: string): string {
  return /^-?\d+\.\d+$/.test(decimal) ? decimal.replace(/\.?0+$/, "") : decimal;
}
