import type { Command } from "commander";
import { EXIT } from "../../core/errors.ts";
import { action } from "../terminal/action.ts";
import { warn } from "../terminal/output.ts";

/** `lab console`: for the help only. With a terminal the entry of the lab opens the console before the command line is read. */
export function addConsoleCommand(program: Command): void {
  program
    .command("console")
    .description("open the full-screen console; on a terminal ./lab alone does so too")
    .option("--ascii", "7-bit characters only")
    .option("--screen-reader", "words instead of drawings, and no alternate screen")
    .action(
      action(async () => {
        warn("the console needs a terminal; ./lab help lists the commands that do without");
        return EXIT.usage;
      }),
    );
}
