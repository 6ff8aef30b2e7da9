import { Command, CommanderError } from "commander";
import { EXIT } from "../core/errors.ts";
import { tellStarter } from "../core/lab.ts";
import { labVersion } from "../core/version.ts";
import { addChartCommand } from "./ask/chart.ts";
import { addCompareCommand } from "./ask/compare.ts";
import { addCorrelateCommand } from "./ask/correlate.ts";
import { addModelsCommand } from "./ask/models.ts";
import { addPredictCommand } from "./ask/predict.ts";
import { addRecommendCommand } from "./ask/recommend.ts";
import { addVerifyCommand } from "./ask/verify.ts";
import { addCompletionCommand, complete } from "./completion.ts";
import { addDoctorCommand } from "./machine/doctor.ts";
import { addPluginsCommands } from "./machine/plugins.ts";
import { addSetupCommand } from "./machine/setup.ts";
import { addCapacityCommand } from "./measure/capacity.ts";
import { addDemoCommand } from "./measure/demo.ts";
import { addFloorCommand } from "./measure/floor.ts";
import { addSizeCommand } from "./measure/size.ts";
import { addStudyCommand } from "./measure/study.ts";
import { addSweepCommands } from "./measure/sweep.ts";
import { addWatchCommand } from "./measure/watch.ts";
import { addBundleCommands } from "./share/bundle.ts";
import { addExportCommand } from "./share/export.ts";
import { addReportCommand } from "./share/report.ts";
import { addStoreCommands } from "./share/store.ts";
import { action, exitCodeLeftIn } from "./terminal/action.ts";
import { reportError, warn } from "./terminal/output.ts";

/** Reads the command line and does what it says; resolves to the exit code. */
export async function runCli(argv: readonly string[]): Promise<number> {
  const program = build();
  try {
    if (argv[0] === "complete") {
      await complete(program, argv.slice(argv[1] === "--" ? 2 : 1));
      return EXIT.ok;
    }
    await program.parseAsync(argv.length > 0 ? argv : ["console"], { from: "user" });
    return exitCodeLeftIn(program);
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return EXIT.ok;
      tellStarter({ code: "LAB_USAGE", message: error.message.replace(/^error: /, "") });
      return EXIT.usage;
    }
    return reportError(error);
  }
}

function build(): Command {
  const program = new Command("lab")
    .description("Finds out, by experiment, how much CPU and memory a proxy needs.")
    .option("--store <file>", "SQLite file with sweeps and trials")
    .option("--plugins <file>", "plugins.json to use")
    .option("--allow-target <hosts>", "hosts beside this machine that load may be sent to")
    .option("--json", "print JSON for programs instead of text for people")
    .version(labVersion)
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    .helpCommand(false)
    .showSuggestionAfterError()
    .showHelpAfterError("  ./lab help lists the commands, ./lab help COMMAND its options")
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error:/, "lab:").replace("\n(", " (")) });
  addHelpCommand(program);
  addConsoleCommand(program);
  addDemoCommand(program);
  addSweepCommands(program);
  addStudyCommand(program);
  addWatchCommand(program);
  addChartCommand(program);
  addCompareCommand(program);
  addCorrelateCommand(program);
  addSizeCommand(program);
  addCapacityCommand(program);
  addFloorCommand(program);
  addPredictCommand(program);
  addModelsCommand(program);
  addRecommendCommand(program);
  addReportCommand(program);
  addExportCommand(program);
  addBundleCommands(program);
  addStoreCommands(program);
  addVerifyCommand(program);
  addDoctorCommand(program);
  addSetupCommand(program);
  addPluginsCommands(program);
  addCompletionCommand(program);
  return program;
}

/** `lab help plugins check`: Commander's own `help` knows the first name only. */
function addHelpCommand(program: Command): void {
  program
    .command("help [command...]")
    .description("display help for command")
    .action((names: readonly string[]) => {
      const found = names.reduce<Command | undefined>(
        (command, name) => command?.commands.find((one) => one.name() === name),
        program,
      );
      (found ?? program).help({ error: found === undefined });
    });
}

/** `lab console`: for the help only. With a terminal the entry of the lab opens the console before the command line is read. */
function addConsoleCommand(program: Command): void {
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
