import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type PythonIndex, servePackage } from "../fixtures/pythonIndex.ts";
import { type Running, runLab, startLab } from "../fixtures/runLab.ts";

const why = process.env.LAB_REQUIRE === "all" ? "" : obstacle();

/** The recipe of mitmproxy is the one tried: from PyPI, into a folder of the lab's own. */
function obstacle(): string {
  try {
    execFileSync("/usr/bin/python3", ["-c", "import ensurepip, venv"], { stdio: "ignore" });
  } catch {
    return "no Python 3 that can make environments";
  }
  const system = ["/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/sbin"];
  return system.some((dir) => existsSync(join(dir, "mitmdump"))) ? "the system has mitmdump" : "";
}

/** Two environments are made, on a machine that may be busy. */
const timeout = 300_000;

describe.skipIf(why)(`setting up (${why || "mitmproxy, from an index of the test"})`, { timeout }, () => {
  let data: string;
  let tools: string;
  let index: PythonIndex;

  beforeAll(async () => {
    data = mkdtempSync(join(tmpdir(), "lab-data-"));
    tools = join(data, "proxy-lab", "tools");
    index = await servePackage("mitmproxy", "mitmdump", "Mitmproxy: 99.0");
  });
  afterAll(async () => {
    await index?.close();
    rmSync(data, { recursive: true });
  });
  beforeEach(() => rmSync(tools, { recursive: true, force: true }));

  const surroundings = () => ({
    env: {
      XDG_DATA_HOME: data,
      PATH: `${dirname(process.execPath)}:/usr/sbin:/usr/bin:/sbin:/bin`,
      PIP_INDEX_URL: index.url,
      PIP_FIND_LINKS: "",
      PIP_CONFIG_FILE: "/dev/null",
      PIP_NO_CACHE_DIR: "1",
      NO_PROXY: "127.0.0.1",
    },
  });
  const setup = ["setup", "mitmproxy", "--yes"];

  /** A setup whose pip waits for the index. */
  async function stuck(): Promise<Running> {
    const running = startLab(setup, surroundings());
    await running.until(/Install mitmproxy from PyPI/);
    await expect.poll(pips, { timeout: 20_000 }).not.toEqual([]);
    return running;
  }

  /** Processes of the Python environment that is being made. */
  function pips(): string[] {
    return readdirSync("/proc").filter((pid) => {
      try {
        return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").startsWith(tools);
      } catch {
        return false;
      }
    });
  }

  async function mitmproxyOf(command: string[]) {
    const run = await runLab([...command, "--json"], surroundings());
    const { findings, checks } = JSON.parse(run.stdout);
    const found = findings.find(({ id }: { id: string }) => id === "mitmproxy");
    return { found, installs: checks.filter(({ id }: { id: string }) => id === "installations") };
  }

  it("leaves nothing behind when it is interrupted, and says so", async () => {
    const running = await stuck();
    running.child.kill("SIGINT");
    const { code, stdout } = await running.finished;
    expect(code).toBe(130);
    expect(stdout).toContain("mitmproxy: interrupted");
    expect(readdirSync(tools)).toEqual([]);
    expect(pips()).toEqual([]);
  });

  it("that was killed is told by the doctor, and is done anew by the next one", async () => {
    const running = await stuck();
    running.child.kill("SIGKILL");
    await running.finished;
    await expect.poll(pips).toEqual([]);
    expect(readdirSync(tools).toSorted()).toEqual(["mitmproxy", "mitmproxy.unfinished"]);
    const cut = await mitmproxyOf(["doctor"]);
    expect(cut.found).toMatchObject({ available: false, command: "./lab setup mitmproxy" });
    expect(cut.installs).toMatchObject([{ state: "problem", advice: "./lab setup" }]);

    index.answer();
    const again = await runLab(setup, surroundings());
    expect(again.stdout).toBe("mitmproxy: installed, version 99.0\n");
    expect(again.code).toBe(0);
    expect(readdirSync(tools)).toEqual(["mitmproxy"]);
    const whole = await mitmproxyOf(["doctor"]);
    expect(whole.found).toMatchObject({ available: true, version: "99.0" });
    expect(whole.installs).toEqual([]);
  });
});
