import { execFileSync, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export interface RealTerminal {
  /** Presses keys by the names that tmux has for them: `Enter`, `C-u`, `a`. */
  press(...keys: readonly string[]): Promise<void>;
  /** Types a text as it is. */
  type(text: string): Promise<void>;
  /** Types in the console's field under the cursor, in the place of what it holds. */
  fill(text: string): Promise<void>;
  /** What is seen now. */
  screen(): string;
  /** The same with its colours, as escape codes. */
  painted(): string;
  /** Resolves with what is seen once it matches. */
  until(pattern: RegExp, seconds?: number): Promise<string>;
  /** Is a full-screen program in front? */
  alternate(): boolean;
  /** Process id of what was started. */
  pid(): number;
  /** Ends all that runs in it. */
  close(): void;
}

export interface TerminalOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts `./lab` in a terminal of tmux. When it has ended the shell waits, so that what is left can be seen. */
export function startTerminal(
  args: readonly string[],
  { columns = 120, rows = 40, env = {} }: TerminalOptions = {},
): RealTerminal {
  const socket = `lab-${randomBytes(4).toString("hex")}`;
  const tmux = (...rest: readonly string[]) =>
    execFileSync("tmux", ["-L", socket, "-f", "/dev/null", ...rest], { encoding: "utf8" });
  const settings = Object.entries({ LANG: "C.UTF-8", LC_ALL: "C.UTF-8", ...env }).flatMap(([name, value]) => [
    "-e",
    `${name}=${value}`,
  ]);
  const command = `${[resolve("lab"), ...args].map((word) => `'${word}'`).join(" ")}; echo "left with $?"; exec sleep 1000`;
  tmux("new-session", "-d", "-x", String(columns), "-y", String(rows), ...settings, command);
  const capture = (...flags: readonly string[]) => tmux("capture-pane", "-p", ...flags);
  const press = async (...keys: readonly string[]) => {
    for (const key of keys) {
      tmux("send-keys", key);
      await sleep(40);
    }
  };
  const type = async (text: string) => void tmux("send-keys", "-l", text);
  return {
    press,
    type,
    async fill(text) {
      await press("Enter", "C-u");
      await type(text);
      await press("Enter");
    },
    screen: () => capture(),
    painted: () => capture("-e"),
    async until(pattern, seconds = 30) {
      const deadline = Date.now() + seconds * 1000;
      for (;;) {
        const seen = capture();
        if (pattern.test(seen)) return seen;
        if (Date.now() > deadline) throw new Error(`never saw ${pattern} in ${seconds} s:\n${seen}`);
        await sleep(100);
      }
    },
    alternate: () => tmux("display-message", "-p", "#{alternate_on}").trim() === "1",
    pid: () =>
      Number(execFileSync("pgrep", ["-P", tmux("display-message", "-p", "#{pane_pid}").trim()], { encoding: "utf8" })),
    close: () => void spawnSync("tmux", ["-L", socket, "kill-server"]),
  };
}
