import type { Command } from "commander";
import { EXIT } from "../../core/errors.ts";
import { type CheckResult, type CheckWatch, Lab, type PluginReport } from "../../core/lab.ts";
import { action } from "../terminal/action.ts";
import { interruptible } from "../terminal/interrupt.ts";
import { type CommonOptions, printJson, printLine } from "../terminal/output.ts";
import { optionsFromJson } from "./optionsJson.ts";

interface Flags extends CommonOptions {
  readonly live: boolean;
  readonly options?: string;
}

/** `lab plugins check`: for authors, whether a plugin keeps the contract. */
export function addCheckCommand(plugins: Command): void {
  plugins
    .command("check <path>")
    .description(
      "try every rule of the contract on a plugin (file, folder, tarball, or name of one in use), also with its real program",
    )
    .option("--options <json>", "try it with these options, such as '{ \"cache\": true }'")
    .option("--no-live", "start nothing: only the rules that need no program")
    .action(action(checkCommand));
}

async function checkCommand(path: string, { live, json, options, ...named }: Flags): Promise<number> {
  const set = options === undefined ? {} : optionsFromJson(options);
  const watch = progress(json ? () => {} : printLine);
  const report = await interruptible((signal) => Lab.plugins(named).check(path, watch, set, live ? signal : undefined));
  if (json) printJson(inJson(path, report));
  else printSummary(path, report);
  return exitCodeOf(report);
}

function exitCodeOf({ loaded, interrupted, results }: PluginReport): number {
  if (interrupted) return EXIT.interrupted;
  if (!loaded) return EXIT.nothingMeasured;
  return results.every(({ ok }) => ok) ? EXIT.ok : EXIT.usage;
}

/** A line for each rule as soon as it was tried; on a terminal also what is being tried meanwhile. */
function progress(print: (line: string) => void): CheckWatch {
  const { stderr } = process;
  let live = false;
  const show = (text: string) => stderr.isTTY && stderr.write(`\r\x1b[2K${text.slice(0, (stderr.columns || 80) - 1)}`);
  return {
    onBegin: (name) => show(`...     ${name}`),
    onResult(result) {
      show("");
      if (result.live && !live) print("\non this machine:");
      live = result.live ?? false;
      print(inWords(result));
    },
  };
}

function inWords({ name, ok, reason, detail, output }: CheckResult): string {
  const written = output?.includes("\n") ? `\nit wrote:\n${output}`.replaceAll("\n", "\n        ") : "";
  if (!ok) return `FAILED  ${name}: ${reason}${written}`;
  return `ok      ${name}${detail ? ` (${detail})` : ""}`;
}

function printSummary(path: string, { plugin, results, liveSkipped, interrupted }: PluginReport): void {
  const failed = results.filter(({ ok }) => !ok).length;
  const what = plugin ? `${plugin.kind} ${plugin.id}` : path;
  const count = results.length === 1 ? "1 check" : `${results.length} checks`;
  if (liveSkipped) printLine(`skipped what needs the real program: ${liveSkipped}`);
  printLine(`\n${what}: ${count}, ${failed === 0 ? "none" : failed} failed${interrupted ? ", interrupted" : ""}`);
}

function inJson(path: string, { plugin, loaded, results, liveSkipped, interrupted }: PluginReport) {
  const { kind, id, title, apiVersion } = plugin ?? {};
  return {
    path,
    loaded,
    ...(plugin ? { plugin: { kind, id, title, source: path, apiVersion } } : {}),
    checks: results,
    ...(liveSkipped ? { liveSkipped } : {}),
    ...(interrupted ? { interrupted } : {}),
  };
}
