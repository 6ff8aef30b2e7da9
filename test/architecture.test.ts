import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { describe, expect, it } from "vitest";

const files = globSync("src/**/*.{ts,tsx,mjs}").filter((file) => !file.endsWith(".d.ts"));
const texts = new Map(files.map((file) => [file, readFileSync(file, "utf8")]));

/** The layers of core from top to bottom. A file imports from its own layer and from those below. */
const layers = [
  "lab.ts",
  "lab",
  "document",
  "views",
  "words",
  "cells",
  "places.ts",
  "answer",
  "preferences.ts",
  "machine",
  "hosting/packages",
  "hosting/conformance",
  "measure",
  "plan",
  "experiment",
  "hosting",
  "store",
  "process",
  "statistics/sides",
  "statistics/trials",
  "domain",
  "statistics",
  "contract",
  "errors.ts",
  "version.ts",
];

/** Who may write to stdout, and why. */
const stdoutWriters: Readonly<Record<string, string>> = {
  "src/cli/terminal/output.ts": "the results of the command line",
  "src/tui/launch/open.ts": "last words of the console, when the terminal is its own no longer",
  "src/plugins/load/autocannon.driver.mjs": "a process of its own: the lab reads its stdout",
  "src/plugins/load/vegeta.driver.mjs": "a process of its own: the lab reads its stdout",
  "src/plugins/load/pacer.driver.mjs": "a process of its own: the lab reads its stdout",
};

/** An exported type, function, class or constant where it is declared. */
const declaration =
  /^export (?:declare )?(?:async )?(?:abstract )?(?:function\*?|const|let|class|type|interface|enum) (\w+)/gm;
const mostFiles = 16;
const mostFloors = 4;

interface Import {
  readonly from: string;
  readonly target: string;
}

const imports: Import[] = files.flatMap((from) =>
  [
    ...texts
      .get(from)!
      .matchAll(/(?:^|\n)\s*(?:import|export)\b[^'"`;]*?from\s+"([^"]+)"|import\(\s*"([^"]+)"|^import\s+"([^"]+)"/g),
  ].map((match) => {
    const name = match[1] ?? match[2] ?? match[3] ?? "";
    return { from, target: name.startsWith(".") ? normalize(join(dirname(from), name)) : name };
  }),
);

function offenders(rule: (one: Import) => boolean): string[] {
  return imports.filter(rule).map(({ from, target }) => `${from} imports ${target}`);
}

const under = (folder: string) => (path: string) => path.startsWith(`${folder}/`);
const inside = imports.filter(({ target }) => target.startsWith("src/"));

describe("the architecture", () => {
  it("knows the imports of every file", () => expect(imports.length).toBeGreaterThan(100));

  it("lets the contract import nothing but itself", () => {
    expect(
      offenders(({ from, target }) => under("src/core/contract")(from) && !under("src/core/contract")(target)),
    ).toEqual([]);
  });

  it("lets plugins import of the project only the contract, their own folder and what their kind shares", () => {
    const kindOf = (file: string) => file.split("/").slice(0, 3).join("/");
    const allowed = (from: string, target: string) =>
      under("src/core/contract")(target) ||
      (under("src/plugins")(target) && dirname(target).startsWith(dirname(from))) ||
      under(`${kindOf(from)}/shared`)(target);
    expect(
      offenders(({ from, target }) => under("src/plugins")(from) && under("src")(target) && !allowed(from, target)),
    ).toEqual([]);
  });

  it("lets nobody import a plugin", () => {
    expect(offenders(({ from, target }) => under("src/plugins")(target) && !under("src/plugins")(from))).toEqual([]);
  });

  it("lets core import nothing of the faces", () => {
    expect(
      offenders(
        ({ from, target }) => under("src/core")(from) && (under("src/cli")(target) || under("src/tui")(target)),
      ),
    ).toEqual([]);
  });

  it("keeps the faces apart", () => {
    expect(offenders(({ from, target }) => under("src/cli")(from) && under("src/tui")(target))).toEqual([]);
    expect(offenders(({ from, target }) => under("src/tui")(from) && under("src/cli")(target))).toEqual([]);
  });

  it("lets the faces into core by one door, beside plain data, words and what is drawn of it", () => {
    const open =
      /^src\/core\/(lab|errors|version)\.ts$|^src\/core\/(contract|domain|words|views|cells)\/|^src\/core\/answer\/index\.ts$|^src\/core\/machine\/advice\.ts$/;
    // The first process of the console does not load the lab: it starts what does, and looks at trials by pure functions.
    const first =
      /^src\/core\/(places\.ts|process\/(companion|pin)\.ts|statistics\/(trials|sides)\/|plan\/|answer\/|machine\/doctor\/kindTitles\.ts)/;
    const closed = ({ from, target }: Import) =>
      under("src/core")(target) &&
      ((under("src/cli")(from) && !open.test(target)) ||
        (under("src/tui")(from) && !open.test(target) && !first.test(target)));
    expect(offenders(closed)).toEqual([]);
  });

  it("keeps React and Ink in the console", () => {
    expect(offenders(({ from, target }) => /^(react|ink)(\/|$)/.test(target) && !under("src/tui")(from))).toEqual([]);
  });

  it("starts processes in one place", () => {
    expect(
      offenders(
        ({ from, target }) =>
          // A driver is a process of the lab itself: what it starts is in its process group and ends with it.
          /^(execa|node:child_process|child_process)$/.test(target) &&
          !under("src/core/process")(from) &&
          !from.endsWith(".driver.mjs"),
      ),
    ).toEqual([]);
  });

  it("talks to Docker in the docker plugin", () => {
    expect(
      offenders(({ from, target }) => target === "dockerode" && !from.startsWith("src/plugins/limiters/docker")),
    ).toEqual([]);
  });

  it("lets imports in core go down the layers only", () => {
    const upwards = ({ from, target }: Import) =>
      under("src/core")(from) && under("src/core")(target) && layerOf(from) > layerOf(target);
    expect(offenders(upwards)).toEqual([]);
  });

  it("has a layer for every file of core", () => {
    const own = files.filter(under("src/core"));
    expect(own.filter((file) => layerOf(file) < 0)).toEqual([]);
    expect(new Set(own.map(layerOf)).size).toBe(layers.length);
  });

  it("writes to stdout in few places", () => {
    const writes = /process\.stdout\.write|\bconsole\.(log|info|debug|table|dir)\b/;
    const writers = files.filter((file) => writes.test(texts.get(file)!));
    expect(writers.toSorted()).toEqual(Object.keys(stdoutWriters).toSorted());
  });

  it(`keeps at most ${mostFiles} files in a folder`, () => {
    const folders = Map.groupBy(
      globSync("src/**/*", { withFileTypes: true }).filter((entry) => entry.isFile()),
      (entry) => relative(".", entry.parentPath),
    );
    const large = [...folders].filter(([, own]) => own.length > mostFiles);
    expect(large.map(([folder, own]) => `${folder} has ${own.length} files`)).toEqual([]);
  });

  it(`stands on at most ${mostFloors} floors in the command line`, () => {
    const floors = files.filter(under("src/cli")).map((file) => chainFrom(file));
    expect(floors.filter(({ length }) => length > mostFloors).map((chain) => chain.join(" -> "))).toEqual([]);
  });

  it("lets nobody but the program import a command", () => {
    const program = "src/cli/program.ts";
    const commands = inside
      .filter(({ from, target }) => from === program && under("src/cli")(target) && !under("src/cli/terminal")(target))
      .map(({ target }) => target);
    expect(commands.length).toBeGreaterThan(10);
    const importing = ({ from, target }: Import) => commands.includes(target) && from !== program;
    expect(offenders(importing)).toEqual([]);
  });

  it("declares an exported name in one file", () => {
    const declared = files.flatMap((file) =>
      [...texts.get(file)!.matchAll(declaration)].map(([, name = ""]) => ({ name, file })),
    );
    const doubles = [...Map.groupBy(declared, ({ name }) => name)]
      .map(([name, places]) => ({ name, in: [...new Set(places.map(({ file }) => file))] }))
      .filter((one) => one.in.length > 1);
    expect(doubles).toEqual([]);
  });

  it("has no circle of files", () => expect(circles(inside)).toEqual([]));

  it("has no circle of folders", () => {
    const folders = inside
      .map(({ from, target }) => ({ from: roomOf(from), target: roomOf(target) }))
      .filter(({ from, target }) => from !== target);
    expect(circles(folders)).toEqual([]);
  });
});

/** The layer of a file of core, counted from the top: that of the longest name which fits. Negative: it has none. */
function layerOf(file: string): number {
  const fitting = layers.filter((layer) => file === `src/core/${layer}` || under(`src/core/${layer}`)(file));
  return layers.indexOf(fitting.toSorted((a, b) => b.length - a.length)[0] ?? "");
}

/** The longest chain of imports within the command line that begins with a file. */
function chainFrom(file: string): string[] {
  const next = inside.filter(({ from, target }) => from === file && under("src/cli")(target));
  const chains = next.map(({ target }) => chainFrom(target));
  return [file, ...(chains.toSorted((a, b) => b.length - a.length)[0] ?? [])];
}

/** The folder of a file; what lies directly in src or src/core is a room of its own. */
function roomOf(file: string): string {
  return ["src", "src/core"].includes(dirname(file)) ? file : dirname(file);
}

/** Each circle of a graph as the path round it. */
function circles(edges: readonly Import[]): string[] {
  const next = Map.groupBy(edges, ({ from }) => from);
  const found = new Set<string>();
  const finished = new Set<string>();
  const visit = (node: string, path: readonly string[]): void => {
    const start = path.indexOf(node);
    if (start >= 0) found.add([...path.slice(start), node].join(" -> "));
    if (start >= 0 || finished.has(node)) return;
    for (const { target } of next.get(node) ?? []) visit(target, [...path, node]);
    finished.add(node);
  };
  for (const node of next.keys()) visit(node, []);
  return [...found];
}
