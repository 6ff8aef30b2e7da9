import type { LimiterHost } from "../../../core/contract/index.ts";
import { type Manager, said } from "./manager.ts";

/** A transient unit of a manager. */
export type Unit = ReturnType<typeof unitOf>;

export function unitOf(name: string, manager: Manager, host: LimiterHost) {
  const systemctl = (...args: string[]) => host.probe(["systemctl", `--${manager}`, ...args]);
  /** Kills all that is in it, whatever process group it is in. */
  const kill = () => systemctl("kill", "--signal=SIGKILL", name);
  return {
    name,
    kill,

    /** Arguments with which systemd-run makes it. */
    creation(settings: readonly string[]): string[] {
      // Delegated, it takes the keeper in, and on version 2 has its controllers whether or not a limit is set.
      const fixed = ["CPUAccounting=yes", "MemoryAccounting=yes", "Delegate=cpu memory"];
      return [
        ...[`--${manager}`, "--scope", "--quiet", "--collect", `--unit=${name}`],
        `--slice=${manager === "system" ? "system" : "app"}.slice`,
        ...[...fixed, ...settings].map((setting) => `--property=${setting}`),
        "--",
      ];
    },

    async set(settings: readonly string[]): Promise<void> {
      const answer = await systemctl("set-property", "--runtime", name, ...settings);
      if (answer?.code !== 0) throw new Error(`systemd refuses the limits: ${said(answer)}`);
    },

    async takeIn(pid: number): Promise<void> {
      const service = ["org.freedesktop.systemd1", "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager"];
      const call = ["AttachProcessesToUnit", "ssau", name, "", "1", String(pid)];
      const answer = await host.probe(["busctl", `--${manager}`, "call", ...service, ...call]);
      if (answer?.code !== 0) throw new Error(`systemd takes no process into ${name}: ${said(answer)}`);
    },

    /** Leaves nothing of it. It may be gone already, so no answer is a fault. */
    async remove(): Promise<void> {
      await kill();
      await systemctl("stop", name);
      await systemctl("reset-failed", name);
    },
  };
}
