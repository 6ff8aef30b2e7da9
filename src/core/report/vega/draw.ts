import type { Drawing } from "../document/document.ts";
import { chartSpec } from "./chartSpec.ts";
import { matrixSpec } from "./matrixSpec.ts";
import { renderSvg } from "./render.ts";

/** Drawings as SVG by their id. */
export async function drawAll(
  drawings: readonly Drawing[],
  onStep: (done: number) => void = () => {},
): Promise<Map<string, string>> {
  const svgs = new Map<string, string>();
  for (const drawing of drawings) {
    onStep(svgs.size);
    const spec = drawing.kind === "chart" ? chartSpec(drawing.chart) : matrixSpec(drawing.matrix);
    svgs.set(drawing.id, await renderSvg(spec));
  }
  return svgs;
}
