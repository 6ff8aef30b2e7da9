import { consoleFlags } from "./tui/launch/flags.ts";

const args = process.argv.slice(2);
const flags = consoleFlags(args, Boolean(process.stdin.isTTY && process.stdout.isTTY));

// Neither face is loaded for the other: the console has to be there at once.
if (flags) {
  const { openConsole } = await import("./tui/launch/open.ts");
  process.exitCode = await openConsole(flags);
} else {
  const { runCli } = await import("./cli/program.ts");
  process.exitCode = await runCli(args);
}
