import { rateOf } from "../../../core/answer/goals.ts";
import type { AnswerData, Goals, Recommendation, Verification } from "../../../core/answer/index.ts";
import { conditionFlags } from "../../../core/answer/learning/conditions.ts";
import type { LabEvent } from "../../../core/domain/events.ts";
import { quantities } from "../../../core/domain/factors.ts";
import { formatDuration, plural } from "../../../core/domain/format.ts";
import { verificationInShort } from "../../../core/words/verification.ts";
import { isMeasuring } from "../../store/runState.ts";
import type { ScreenContext } from "../screen.ts";
import { ask } from "./ask.ts";
import { askedBy, flag, goalFlags } from "./goals.ts";
import { type CheckState, isChecking, type PredictState } from "./state.ts";

type Context = ScreenContext<PredictState>;
type Verified = { readonly type: "verified"; readonly goals: Goals } & Verification;

/** Runs the recommended limits of a proxy for real, in a process of its own, and shows what comes of it. */
export function verifyAnswer(context: Context, proxy: string): void {
  const { state, lab, app } = context;
  const answer = state.answers[proxy];
  const asked = askedBy(state.fields);
  if (!asked.ok || !answer?.ok) {
    app.say(`there is no answer for ${proxy} to verify`, "bad");
  } else if (isMeasuring(lab.run)) {
    app.say("a sweep is running: verify when it has ended", "bad");
  } else if (isChecking(state)) {
    app.say("one at a time: a check is running", "bad");
  } else {
    check(context, proxy, [
      ...goalFlags(asked.goals),
      ...flag("confidence", asked.confidence),
      ...levelFlags(state, asked.goals, answer),
      ...(answer.data ? chosenFlags(answer.data, state.wish) : []),
    ]);
  }
}

function check(context: Context, proxy: string, flags: readonly string[]): void {
  const { services, update } = context;
  let last: CheckState = { at: "running", line: "starting" };
  const show = (now: CheckState) => {
    last = now;
    update((state) => ({ ...state, checks: { ...state.checks, [proxy]: now } }));
  };
  show(last);
  const onLine = (text: string) => {
    const seen = readLine(text);
    if (seen) show(seen);
  };
  void services.command(["verify", "--proxy", proxy, ...flags, "--json"], onLine).then(({ code, problem }) => {
    if (last.at === "running") show({ at: "failed", line: problem?.message ?? `it ended with ${code}` });
    ask(context, "all");
  });
}

/** The levels of an answer, but for a rate that is a goal. Its memory limit is a part of what is asked only where it was chosen. */
function levelFlags({ asked, wish }: PredictState, goals: Goals, { levels }: Recommendation): string[] {
  const rate = rateOf(goals) === undefined ? levels.requestsPerSecond : undefined;
  const fixed = { ...levels, memoryBytes: asked.memoryBytes, requestsPerSecond: rate };
  return [
    ...quantities().flatMap(({ id, key }) => (key === "cpu" ? [] : flag(id, fixed[key]))),
    ...(wish.noMemoryLimit ? ["--memory", "none"] : []),
  ];
}

/** The conditions of an answer, as far as the proxy has trials under others. */
function chosenFlags({ conditions, leftOut }: AnswerData, { limiter }: PredictState["wish"]): string[] {
  const differing = new Set(leftOut.flatMap(({ differ }) => Object.keys(differ)));
  const chosen = [...differing].map((name) => [name, conditions[name] ?? null] as const);
  return conditionFlags({ ...Object.fromEntries(chosen), ...(limiter !== undefined && { limiter }) });
}

/** What a line of `lab verify --json` says about the check; `undefined` where it says nothing of it. */
export function readLine(text: string): CheckState | undefined {
  let event: LabEvent | Verified;
  try {
    event = JSON.parse(text) as LabEvent | Verified;
  } catch {
    return undefined;
  }
  const running = (runs: string, seconds: number) =>
    ({ at: "running", line: `${runs}, ${formatDuration(seconds)}` }) as const;
  if (event.type === "sweep-planned") return running(plural(event.trials, "run"), event.estimatedSeconds);
  if (event.type === "trial-finished")
    return running(`${plural(event.remainingTrials, "run")} left`, event.remainingSeconds);
  if (event.type !== "verified") return undefined;
  const { held } = event.recommended;
  const at = held === undefined ? "failed" : held ? "held" : "not held";
  return { at, line: verificationInShort(event.goals, event) };
}
