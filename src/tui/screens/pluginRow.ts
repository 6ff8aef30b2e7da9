import { withoutAbsent } from "../../core/domain/absent.ts";
import type { Finding, PluginSummary } from "../../core/lab.ts";
import { adviceInWords } from "../../core/machine/advice.ts";

/** A plugin or other program, and what was found of it. */
export interface PluginRow {
  /** `kind/id`. */
  readonly key: string;
  readonly kind: Finding["kind"];
  readonly id: string;
  readonly title: string;
  /** Path or package name it came from, and its module. */
  readonly source?: string;
  readonly file?: string;
  readonly state: "ok" | "warning" | "problem" | "unknown";
  /** Version, or why it is not there. */
  readonly text: string;
  readonly version?: string;
  /** Why it cannot be used, unless an image has it. */
  readonly reason?: string;
  readonly advice?: string;
  /** What `lab setup` calls it, where that installs it. */
  readonly setup?: string;
}

/** The row of what is listed, with what the doctor found of it. */
export function pluginRow(about: PluginSummary | Finding, listed?: PluginSummary, finding?: Finding): PluginRow {
  const { kind, id, title } = about;
  const row = { ...listed, key: `${kind}/${id}`, kind, id, title };
  if (!finding) return { ...row, state: "unknown", text: "looking ..." };
  const { detection, image, advice } = finding;
  if (detection.available) {
    const { version } = detection;
    return { ...row, state: "ok", text: version ?? title, ...(version && { version }) };
  }
  const { reason } = detection;
  return withoutAbsent<PluginRow>({
    ...row,
    state: image || kind === "origin" ? "warning" : "problem",
    text: image ? `${reason}; ${image.limiter} takes it from the image ${image.name}` : reason,
    version: image && `image, by ${image.limiter}`,
    reason: image ? undefined : reason,
    advice: advice && adviceInWords(advice),
    setup: advice?.do === "setup" && !advice.by ? advice.program : undefined,
  });
}
