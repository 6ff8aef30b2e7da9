import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { diagnosisInWords } from "../../src/cli/machine/doctorText.ts";
import type { Diagnosis } from "../../src/core/machine/doctor/diagnose.ts";
import { runCli } from "../fixtures/runCli.ts";

const dir = mkdtempSync(join(tmpdir(), "doctor-cli-"));
afterAll(() => rmSync(dir, { recursive: true }));

/** A list of plugins that can measure nothing. */
function uselessPlugins(): string {
  const file = join(dir, "plugins.json");
  writeFileSync(file, JSON.stringify({ plugins: ["builtin:proxies/builtin", "builtin:models/mean"] }));
  return file;
}

const found: Diagnosis = {
  machine: {} as Diagnosis["machine"],
  checks: [
    {
      id: "system",
      title: "system",
      value: "Debian GNU/Linux 12 (bookworm), Linux 6.1.0 on x64, as root",
      state: "ok",
    },
    {
      id: "ports",
      title: "client ports",
      value: "few",
      state: "warning",
      advice: { do: "run", command: "sysctl -w net.ipv4.x=1" },
    },
  ],
  findings: [
    { kind: "proxy", id: "haproxy", title: "HAProxy", detection: { available: true, version: "2.6" } },
    {
      kind: "proxy",
      id: "traefik",
      title: "Traefik",
      detection: { available: false, reason: "no traefik on this machine" },
      image: { limiter: "docker", name: "traefik:v3" },
      advice: { do: "setup", program: "traefik" },
    },
    {
      kind: "load",
      id: "wrk",
      title: "wrk",
      detection: { available: false, reason: "no wrk" },
      advice: { do: "setup", program: "wrk" },
    },
    { kind: "limiter", id: "cgroup", title: "c", detection: { available: false, reason: "it needs root" } },
  ],
  lacking: ["load", "limiter"],
};

describe("lab doctor", () => {
  it("ends with the code for nothing measured where no combination works, and says what lacks", async () => {
    const run = await runCli(["doctor", "--plugins", uselessPlugins()]);
    expect(run.code).toBe(4);
    expect(run.stdout).toMatch(/Nothing can be measured here: no load tool and no limiter works\.\n$/);
  });

  it("gives the same facts as JSON", async () => {
    const run = await runCli(["doctor", "--plugins", uselessPlugins(), "--json"]);
    expect(run.code).toBe(4);
    const { machine, checks, findings, usable, lacking } = JSON.parse(run.stdout);
    expect(machine).toMatchObject({ platform: process.platform, cores: expect.any(Number) });
    expect(checks[0]).toMatchObject({ id: "system", state: expect.any(String) });
    expect(findings[0]).toMatchObject({ kind: "proxy", id: "builtin", available: true });
    expect({ usable, lacking }).toEqual({ usable: false, lacking: ["load", "limiter"] });
  });

  it("is readable in 80 columns, with what would help under what is missing", () => {
    const text = diagnosisInWords(found, { width: 80, colour: false, ascii: true });
    expect(text).toMatchInlineSnapshot(`
      "machine
        ok system             Debian GNU/Linux 12 (bookworm), Linux 6.1.0 on x64, as
                              root
        !  client ports       few
                              -> sysctl -w net.ipv4.x=1

      proxies
        ok haproxy            2.6
        !  traefik            no traefik on this machine; --limiter docker takes it
                              from the image traefik:v3
                              -> ./lab setup traefik

      load tools
        x  wrk                no wrk
                              -> ./lab setup wrk

      limiters
        x  cgroup             it needs root

      Install all: ./lab setup traefik wrk
      Nothing can be measured here: no load tool and no limiter works."
    `);
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  it("does not take the name of a program for its version", () => {
    const detection = { available: true } as const;
    const findings = (["proxy", "limiter"] as const).map((kind) => ({ kind, id: kind, title: "Envoy", detection }));
    const text = diagnosisInWords({ ...found, findings }, { width: 80, colour: false, ascii: true });
    expect(text).toMatch(/ok proxy .*\bno known version$/m);
    expect(text).toMatch(/ok limiter +Envoy$/m);
  });

  it("stays in the width that there is, in colour or not", () => {
    for (const width of [40, 60, 200]) {
      const [plain, colour] = [false, true].map((on) => diagnosisInWords(found, { width, colour: on, ascii: false }));
      expect(Math.max(...plain!.split("\n").map((line) => line.length))).toBeLessThanOrEqual(width);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes begin with one
      expect(colour!.replaceAll(/\x1b\[\d+m/g, "")).toBe(plain);
    }
  });
});
