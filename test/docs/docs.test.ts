import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { LoadPlugin, Program, ProxyPlugin } from "../../src/core/contract/index.ts";
import {
  defaultInWords,
  defaultText,
  isFileKey,
  SWEEP_OPTIONS,
  type SweepOption,
} from "../../src/core/domain/options.ts";
import { ERRORS } from "../../src/core/errors.ts";
import { loadPlugins } from "../../src/core/hosting/load.ts";

it("docs/errors.md lists the very errors of the code, with exit code and meaning", () => {
  const rows = [...readFileSync("docs/errors.md", "utf8").matchAll(/^\| (LAB_\w+) \| (\d+) \| (.*) \|$/gm)];
  const listed = rows.map(([, code, exit, meaning]) => [code, { exit: Number(exit), meaning }]);
  expect(Object.fromEntries(listed)).toEqual(ERRORS);
});

it("docs/experiments.md lists the very keys of experiment files, with their defaults", () => {
  const rows = [...readFileSync("docs/experiments.md", "utf8").matchAll(/^\| `(\w+)` \| .+ \| (.*?) ?\|$/gm)];
  const keys = Object.entries<SweepOption>(SWEEP_OPTIONS).filter(([, option]) => isFileKey(option));
  const wanted = keys.map(([id, option]) => [id, defaultInWords(option) ?? defaultText(option) ?? ""]);
  expect(rows.map(([, key, standard]) => [key, standard])).toEqual([...wanted, ["quick", ""]]);
});

it("README names only experiment files and docs that there are", () => {
  const readme = readFileSync("README.md", "utf8");
  const files = [...readme.matchAll(/(?:docs|experiments)\/[\w-]+\.\w+/g)].map(([file]) => file);
  expect(files.length).toBeGreaterThan(4);
  for (const file of files) expect(() => readFileSync(file)).not.toThrow();
});

it("docs/machine.md lists the very proxies and load tools that the lab comes with, and what they can do", async () => {
  const registry = await loadPlugins("plugins.json");
  const proxies = registry.list("proxy").map(({ plugin: { id, supports, program } }) => {
    const roles = ["reverse", "forward"].filter((role) => supports.roles.some((one) => one === role));
    return [id, roles.join(", "), tlsInWords(supports), supports.http2 ? "yes" : "no", originOf(program)];
  });
  const loadTools = registry.list("load").map(({ plugin: { id, supports, program } }) => {
    const can = [supports.forwardProxy, supports.noKeepAlive, supports.requestCount];
    const [forward, apart, counted, http2] = [...can, supports.http2].map((able) => (able ? "yes" : "no"));
    return [id, supports.loops.join(", "), forward, apart, counted, tlsInWords(supports), http2, originOf(program)];
  });
  const [, section = ""] = readFileSync("docs/machine.md", "utf8").split("## What can be measured, and with what\n");
  const rows = [...section.split("\n## ")[0]!.matchAll(/^\| (?!proxy)(\w+) \| (.*) \|$/gm)];
  expect(rows.map(([, id, cells = ""]) => [id, ...cells.split(" | ")])).toEqual([...proxies, ...loadTools]);
});

/** Whether it speaks TLS, and the versions in which sessions are resumed. */
function tlsInWords({ tls, tlsResumption }: LoadPlugin["supports"] | ProxyPlugin["supports"]): string {
  if (!tls) return "no";
  return tlsResumption ? `${tlsResumption.join(" and ")} resumed` : "full";
}

const managers = { apt: "apt", pip: "PyPI", go: "Go", cargo: "cargo", brew: "brew" } as const;

/** What runs on the lab's own Node comes as an npm package of the lab. */
function originOf({ executables, install }: Program): string {
  if (executables.includes("node")) return "comes with the lab";
  const names = Object.keys(managers) as (keyof typeof managers)[];
  return names.flatMap((name) => (install[name] ? [managers[name]] : [])).join(", ");
}
