import type { Drawing } from "../document.ts";
import { chartSpec } from "./chartSpec.ts";
import { matrixSpec } from "./matrixSpec.ts";
import { namedSvg } from "./named.ts";
import { renderSvg } from "./render.ts";

/** Drawings as SVG by their id, each with a name and a description. */
export async function drawAll(
  drawings: readonly Drawing[],
  onStep: (done: number) => void = () => {},
): Promise<Map<string, string>> {
  const svgs = new Map<string, string>();
  for (const drawing of drawings) {
    onStep(svgs.size);
    const spec = drawing.kind === "chart" ? chartSpec(drawing.chart) : matrixSpec(drawing.matrix);
    svgs.set(drawing.id, namedSvg(await renderSvg(spec), drawing));
  }
  return svgs;
}
