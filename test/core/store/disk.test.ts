import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { gridSpec } from "../../../src/core/experiment/defaults.ts";
import { trialRecord } from "../../fixtures/records.ts";

const dir = mkdtempSync(join(tmpdir(), "store-disk-"));
afterAll(() => rmSync(dir, { recursive: true }));

const isolated = ["unshare", "--mount", "sh", "-c"] as const;
/** Root may have a disk of its own, which nobody else sees and which goes with the process. */
const canMount = spawnSync(isolated[0], [...isolated.slice(1), `mount -t tmpfs none ${dir}`]).status === 0;

const module = new URL("../../../src/core/store/store.ts", import.meta.url).href;
const prelude = `
  import { execFileSync } from "node:child_process";
  import { writeFileSync, rmSync, readdirSync } from "node:fs";
  import { Store } from ${JSON.stringify(module)};
  const file = ${JSON.stringify(join(dir, "lab.sqlite"))};
  const trial = ${JSON.stringify(trialRecord({ id: "s1.0", sweepId: "s1" }))};
  const told = async (work) => { try { return await work(); } catch ({ code, message }) { return code + " " + message; } };
  const fresh = () => {
    const store = Store.open(file);
    store.addSweep("s1", ${JSON.stringify({ ...gridSpec, proxies: ["haproxy"], seed: 1 })});
    store.addTrial(trial);
    return store;
  };`;

/** What a program prints as JSON that has a disk of 1 MiB at \`dir\`. */
function onDisk(program: string): unknown {
  const node = `"${process.execPath}" --import tsx --input-type=module -e "$PROGRAM"`;
  const script = `mount -t tmpfs -o size=1m none "$DISK" && ${node}`;
  const env = { ...process.env, DISK: dir, PROGRAM: `${prelude}\n${program}` };
  const { stdout, stderr } = spawnSync(isolated[0], [...isolated.slice(1), script], { env, encoding: "utf8" });
  if (!stdout) throw new Error(stderr);
  return JSON.parse(stdout);
}

describe.runIf(canMount)("a store", { timeout: 60_000 }, () => {
  it("on a full disk says so, keeps what it has, and stores a trial once there is room", () => {
    const found = onDisk(`
      const store = fresh();
      let fill = 2 ** 20;
      for (; fill > 1000; fill -= 1000) try { writeFileSync(file + ".fill", Buffer.alloc(fill)); break; } catch {}
      const large = { ...trial, id: "s1.1", reason: "x".repeat(2 ** 17) };
      const one = await told(() => store.addTrial(large));
      const several = await told(() => store.together(() => store.addTrial(large)));
      const ended = await told(() => store.save(large, AbortSignal.abort()));
      const kept = store.trials().length;
      setTimeout(() => rmSync(file + ".fill"), 300);
      const waits = await store.save(large);
      const left = readdirSync(file + ".waiting");
      console.log(JSON.stringify([one, several, ended, kept, waits ?? "stored", left, store.trials().length]));`);
    const [one, several, ended, ...rest] = found as string[];
    expect(one).toMatch(/^LAB_STORE .*disk is full/);
    expect(several).toMatch(/^LAB_STORE .*disk is full/);
    expect(ended).toMatch(/^LAB_STORE .*disk is full/);
    expect(rest).toEqual([1, "stored", [], 2]);
  });

  it("on a read-only disk is read, refuses to be written, and stays as it is", () => {
    const found = onDisk(`
      fresh().close();
      execFileSync("mount", ["-o", "remount,ro", ${JSON.stringify(dir)}]);
      const store = Store.open(file);
      const read = store.trials().length;
      const written = await told(() => store.addTrial(trial));
      const again = store.trials().length;
      console.log(JSON.stringify([read, written, again, readdirSync(${JSON.stringify(dir)})]));`);
    expect(found).toEqual([1, expect.stringMatching(/^LAB_STORE .*permissions/), 1, ["lab.sqlite"]]);
  });
});
