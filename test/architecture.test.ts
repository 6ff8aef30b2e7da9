import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";

const files = globSync("src/**/*.{ts,tsx,mjs}").filter((file) => !file.endsWith(".d.ts"));

interface Import {
  readonly from: string;
  readonly target: string;
}

const imports: Import[] = files.flatMap((from) =>
  [
    ...readFileSync(from, "utf8").matchAll(
      /(?:^|\n)\s*(?:import|export)\b[^'"`;]*?from\s+"([^"]+)"|import\(\s*"([^"]+)"|^import\s+"([^"]+)"/g,
    ),
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

  it("has no circle of files", () => expect(circles(inside)).toEqual([]));

  it("has no circle of folders", () => {
    const folders = inside
      .map(({ from, target }) => ({ from: roomOf(from), target: roomOf(target) }))
      .filter(({ from, target }) => from !== target);
    expect(circles(folders)).toEqual([]);
  });
});

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
