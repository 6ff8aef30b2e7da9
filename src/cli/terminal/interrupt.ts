import { EXIT } from "../../core/errors.ts";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs work that the user or the system may end. The first signal asks it to stop and clean up; a second one ends the
 * process at once (the watchdog then cleans up). `heedReader`: so does a reader of stdout that goes away.
 */
export async function interruptible<T>(
  work: (signal: AbortSignal) => Promise<T>,
  { heedReader = true }: { readonly heedReader?: boolean } = {},
): Promise<T> {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort();
  };
  // A reader that went away (`| head`) wants no more either.
  const onOutputError = () => heedReader && controller.abort();
  for (const name of signals) process.on(name, onSignal);
  process.stdout.on("error", onOutputError);
  try {
    return await work(controller.signal);
  } finally {
    for (const name of signals) process.off(name, onSignal);
    process.stdout.off("error", onOutputError);
  }
}
