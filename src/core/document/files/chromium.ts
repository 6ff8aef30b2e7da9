import { pathToFileURL } from "node:url";
import { LabError } from "../../errors.ts";
import { probe, runCommand } from "../../process/command.ts";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"] as const;
/** Pixels of a picture for one of the drawing. */
const SCALE = 2;

/** Name of the Chromium of this machine. Throws LAB_UNAVAILABLE. */
export async function findChromium(): Promise<string> {
  for (const name of names) {
    if ((await probe([name, "--version"]))?.code === 0) return name;
  }
  throw new LabError("LAB_UNAVAILABLE", "pictures (png) are drawn by Chromium, and there is none on this machine", {
    help: "install it (apt-get install chromium), or choose svg, which needs nothing",
  });
}

/** Draws an SVG file as a PNG file on white. Throws LAB_UNAVAILABLE where Chromium cannot. */
export async function drawPng(
  chromium: string,
  files: { readonly svg: string; readonly png: string },
  size: { readonly width: number; readonly height: number },
): Promise<void> {
  const { code, tail } = await runCommand([
    chromium,
    "--headless",
    // Root cannot have the sandbox; the only page is a drawing of our own.
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    `--force-device-scale-factor=${SCALE}`,
    `--window-size=${Math.ceil(size.width)},${Math.ceil(size.height)}`,
    `--screenshot=${files.png}`,
    pathToFileURL(files.svg).href,
  ]);
  if (code !== 0) throw new LabError("LAB_UNAVAILABLE", `${chromium} drew no ${files.png}: ${tail.split("\n").at(-1)}`);
}
