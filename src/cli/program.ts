import { Command, CommanderError } from "commander";
import { EXIT } from "../core/errors.ts";
import { labVersion } from "../core/version.ts";
import { addBundleCommand } from "./bundle.ts";
import { addChartCommand } from "./chart.ts";
import { addCompareCommand } from "./compare.ts";
import { addCompletionCommand, complete } from "./completion.ts";
import { addConsoleCommand } from "./console.ts";
import { addCorrelateCommand } from "./correlate.ts";
import { addDemoCommand } from "./demo.ts";
import { addDoctorCommand } from "./doctor.ts";
import { addExportCommand } from "./export.ts";
import { addFloorCommand } from "./floor.ts";
import { addImportCommand } from "./import.ts";
import { addModelsCommand } from "./models.ts";
import { reportError } from "./output.ts";
import { addPluginsCommands } from "./plugins.ts";
import { addPredictCommand } from "./predict.ts";
import { addRecommendCommand } from "./recommend.ts";
import { addReportCommand } from "./report.ts";
import { addSetupCommand } from "./setup.ts";
import { addStudyCommand } from "./study.ts";
import { addSweepCommands } from "./sweep.ts";
import { addVerifyCommand } from "./verify.ts";
import { addWatchCommand } from "./watch.ts";

/** Reads the command line and does what it says; resolves to the exit code. */
export async function runCli(argv: readonly string[]): Promise<number> {
  let exitCode: number = EXIT.ok;
  const program = build((code) => {
    exitCode = code;
  });
  try {
    if (argv[0] === "complete") {
      await complete(program, argv.slice(argv[1] === "--" ? 2 : 1));
      return EXIT.ok;
    }
    await program.parseAsync(argv.length > 0 ? argv : ["console"], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    return reportError(error);
  }
}

function build(setExit: (code: number) => void): Command {
  const program = new Command("lab")
    .description("Finds out, by experiment, how much CPU and memory a proxy needs.")
    .option("--store <file>", "SQLite file with sweeps and trials")
    .option("--plugins <file>", "plugins.json to use")
    .option("--json", "print JSON for programs instead of text for people")
    .version(labVersion)
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError("  ./lab help lists the commands, ./lab help COMMAND its options")
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error:/, "lab:").replace("\n(", " (")) });
  addConsoleCommand(program, setExit);
  addDemoCommand(program, setExit);
  addSweepCommands(program, setExit);
  addStudyCommand(program, setExit);
  addWatchCommand(program, setExit);
  addChartCommand(program);
  addCompareCommand(program, setExit);
  addCorrelateCommand(program, setExit);
  addFloorCommand(program, setExit);
  addPredictCommand(program, setExit);
  addModelsCommand(program, setExit);
  addRecommendCommand(program, setExit);
  addReportCommand(program);
  addExportCommand(program);
  addBundleCommand(program);
  addImportCommand(program);
  addVerifyCommand(program, setExit);
  addDoctorCommand(program, setExit);
  addSetupCommand(program, setExit);
  addPluginsCommands(program, setExit);
  addCompletionCommand(program);
  return program;
}
