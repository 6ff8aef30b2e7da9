import { randomBytes } from "node:crypto";
import type { SweepSpec } from "../domain/spec.ts";
import type { StoredSweep } from "../store/store.ts";
import { previewSweep } from "./preview.ts";

/** Experiments of the study, in the order in which they are run. */
export const STUDY_PARTS = [
  "traefik-against-haproxy",
  "traefik-one-server",
  "traefik-several-servers",
  "haproxy",
  "forward-proxies",
  "squid-as-shipped",
] as const;

/** A part of a study that is not done yet. */
export interface OpenPart {
  readonly spec: SweepSpec;
  /** The sweep to go on with, where one was begun. */
  readonly sweepId?: string;
  /** What it will take, before anything of it was measured. */
  readonly seconds: number;
}

/** Of the parts those that no finished sweep is there for. Parts are known by their titles. */
export function openParts(specs: readonly SweepSpec[], sweeps: readonly StoredSweep[]): OpenPart[] {
  return specs.flatMap((spec) => {
    const begun = sweeps.find(({ spec: { study, title } }) => study?.id === spec.study?.id && title === spec.title);
    if (begun?.status === "finished") return [];
    const seconds = previewSweep(spec).estimatedSeconds;
    return [{ spec: begun?.spec ?? spec, seconds, ...(begun ? { sweepId: begun.id } : {}) }];
  });
}

/** A name for a study that is begun now. */
export function newStudyId(): string {
  return `study-${new Date().toISOString().slice(0, 10).replaceAll("-", "")}-${randomBytes(2).toString("hex")}`;
}
