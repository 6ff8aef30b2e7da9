import type { TopLevelSpec } from "vega-lite";
import type { Drawing } from "../document.ts";
import { chartSpec } from "./chartSpec.ts";
import { mapSpec } from "./mapSpec.ts";
import { matrixSpec } from "./matrixSpec.ts";
import { namedSvg } from "./named.ts";

/** Drawings as SVG by their id, each with a name and a description. */
export async function drawAll(
  drawings: readonly Drawing[],
  onStep: (done: number) => void = () => {},
): Promise<Map<string, string>> {
  const svgs = new Map<string, string>();
  for (const drawing of drawings) {
    onStep(svgs.size);
    svgs.set(drawing.id, namedSvg(await renderSvg(specOf(drawing)), drawing));
  }
  return svgs;
}

function specOf(drawing: Drawing): TopLevelSpec {
  switch (drawing.kind) {
    case "chart":
      return chartSpec(drawing.chart);
    case "matrix":
      return matrixSpec(drawing.matrix);
    case "map":
      return mapSpec(drawing.map);
  }
}

/** Draws a specification as SVG. Vega takes a while to load, so it is loaded here, when there is something to draw. */
export async function renderSvg(spec: TopLevelSpec): Promise<string> {
  const [vega, vegaLite] = await Promise.all([import("vega"), import("vega-lite")]);
  const view = new vega.View(vega.parse(vegaLite.compile(spec).spec), { renderer: "none", logLevel: vega.Error });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}
