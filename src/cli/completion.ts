import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command as Completed, RootCommand } from "@bomb.sh/tab";
import type { Command } from "commander";
import { CONDITIONS } from "../core/answer/index.ts";
import { cleanText } from "../core/cells/text.ts";
import { quantities } from "../core/domain/factors.ts";
import { learnable } from "../core/domain/figures.ts";
import { flagOf } from "../core/domain/options.ts";
import { TABLES } from "../core/domain/tables.ts";
import { LabError } from "../core/errors.ts";
import { EXPORT_FORMATS, Lab, REPORT_FORMATS } from "../core/lab.ts";
import type { CommonOptions } from "./terminal/output.ts";

const shells = ["bash", "zsh", "fish"];
const launcher = fileURLToPath(new URL("../../lab", import.meta.url));

/** What may stand in a place, with a word on each. */
type Candidates = readonly { readonly value: string; readonly about?: string }[];

/** `lab completion`: a script that lets a shell complete the lab's commands, options, and names. */
export function addCompletionCommand(program: Command): void {
  program
    .command("completion <shell>")
    .description(`print a script for tab completion (${shells.join(", ")}): source <(./lab completion bash)`)
    .action(async (shell: string) => {
      if (!shells.includes(shell))
        throw new LabError("LAB_USAGE", `there is no completion for the shell "${shell}"`, {
          help: `one of ${shells.join(", ")}`,
        });
      const { script } = await import("@bomb.sh/tab");
      script(shell, "lab", launcher);
    });
}

/** Answers the script: prints what may come next. `args`: the words so far, the last one unfinished. */
export async function complete(program: Command, args: readonly string[]): Promise<void> {
  const { default: tab } = await import("@bomb.sh/tab/commander");
  const commands: RootCommand = tab(program);
  commands.commands.delete("complete"); // its own, which is not for people
  const lab = await Lab.open(namedIn(args)).catch(() => undefined);
  const typed = args.at(-1) ?? "";
  for (const command of [commands, ...commands.commands.values()]) offer(command, typed, lab);
  lab?.close();
  commands.parse([...args]);
}

/** The files that the words name, where they are whole. */
function namedIn(args: readonly string[]): CommonOptions {
  const after = (flag: string) => {
    const at = args.indexOf(flag);
    return at >= 0 && at < args.length - 2 ? args[at + 1] : undefined;
  };
  const [store, plugins] = [after("--store"), after("--plugins")];
  return { ...(store && { store }), ...(plugins && { plugins }) };
}

function offer(command: Completed, typed: string, lab: Lab | undefined): void {
  for (const option of command.options.values()) {
    if (option.isBoolean) continue;
    option.handler = (tell) => {
      const values = valuesOf(command.value, option.value, lab);
      for (const { value, about = "" } of listed(values, typed)) tell(value, cleanText(about, false));
    };
  }
  for (const argument of command.arguments.values()) {
    argument.handler = (tell) => {
      for (const { value, about = "" } of argumentsOf(command.value, argument.name, typed, lab))
        tell(value, cleanText(about, false));
    };
  }
}

/** In a list of names the last one is completed. */
function listed(candidates: Candidates | "files", typed: string): Candidates {
  if (candidates === "files") return files(typed);
  const before = typed.slice(0, typed.lastIndexOf(",") + 1);
  return candidates.map(({ value, ...rest }) => ({ value: before + value, ...rest }));
}

/** Values of an option: what its kind knows of them if sweeps have it, else what commands take under this name. */
export function valuesOf(
  command: string,
  option: string,
  lab: Lab | undefined,
  { options, factors, figures } = TABLES,
): Candidates | "files" {
  const value = Object.entries(options).find(([id]) => flagOf(id) === `--${option}`)?.[1].value;
  if (value?.plugins) return plugins(value.plugins, lab);
  if (value?.choices) return names(...value.choices);
  switch (option) {
    case "model":
      return plugins(option, lab);
    case "option":
      return pluginOptions(lab);
    case "method":
      return command === "recommend" ? names("forward", "study") : names("spearman", "pearson");
    case "format":
      return names(...new Set([...EXPORT_FORMATS, ...REPORT_FORMATS]));
    case "x":
      return labelled(quantities(factors));
    case "by":
      return labelled(factors);
    case "figure":
      if (command === "compare") return labelled(figures);
      return [{ value: "all" }, ...labelled(learnable(figures))];
    case "y":
      return labelled(figures);
    case "sweep":
    case "resume":
      return sweeps(lab);
    case "like":
      return trials(lab);
    case "store":
    case "plugins":
    case "from":
    case "save":
    case "out":
      return "files";
    default:
      return asking.includes(command) ? measured(option, lab) : [];
  }
}

/** Commands that learn from trials made under conditions that can be chosen. */
const asking = ["predict", "recommend", "verify", "models"];

/** Values of a condition that trials were made under. */
function measured(option: string, lab: Lab | undefined): Candidates {
  const condition = CONDITIONS.find(({ option: id }) => flagOf(id) === `--${option}`);
  return condition && lab ? names(...lab.answers.valuesOf(condition)) : [];
}

/** The trials of the newest sweep. */
function trials(lab: Lab | undefined): Candidates {
  const newest = lab?.store.sweeps()[0];
  const own = newest ? lab.store.trials({ sweepId: newest.id }) : [];
  return own.map(({ id, point }) => ({ value: id, about: `${point.proxy}, ${point.cpu} cpu` }));
}

function argumentsOf(command: string, argument: string, typed: string, lab: Lab | undefined): Candidates {
  if (argument === "file") return files(typed);
  if (command === "completion") return names(...shells);
  if (command === "watch") return sweeps(lab);
  if (command === "compare") return [...plugins("proxy", lab), ...sweeps(lab)];
  if (command === "setup") return [...plugins("proxy", lab), ...plugins("load", lab)];
  return [];
}

function labelled(known: readonly { readonly id: string; readonly label: string }[]): Candidates {
  return known.map(({ id, label }) => ({ value: id, about: label }));
}

function names(...values: string[]): Candidates {
  return values.map((value) => ({ value }));
}

function plugins(kind: "proxy" | "load" | "limiter" | "model", lab: Lab | undefined): Candidates {
  const known = lab?.pluginsInUse.plugins.filter((plugin) => plugin.kind === kind) ?? [];
  return known.map(({ id, title }) => ({ value: id, about: title }));
}

function pluginOptions(lab: Lab | undefined): Candidates {
  const known = lab?.pluginsInUse.plugins.filter(({ kind }) => kind !== "model") ?? [];
  return known.flatMap(({ id, options = [] }) =>
    options.map(({ name, meaning }) => ({ value: `${id}.${name}=`, about: meaning })),
  );
}

function sweeps(lab: Lab | undefined): Candidates {
  return (lab?.store.sweeps() ?? []).map(({ id, status, spec }) => ({
    value: id,
    about: `${spec.proxies.join(", ")}, ${status}`,
  }));
}

function files(typed: string): Candidates {
  const dir = typed.endsWith("/") ? typed : typed.includes("/") ? dirname(typed) : "";
  try {
    return readdirSync(dir || ".", { withFileTypes: true }).map((entry) => ({
      value: join(dir, entry.name) + (entry.isDirectory() ? "/" : ""),
    }));
  } catch {
    return [];
  }
}
