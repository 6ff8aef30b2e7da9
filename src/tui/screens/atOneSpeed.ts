import type { TrialRecord } from "../../core/domain/record.ts";
import { speedCorrected } from "../../core/statistics/trials/speeds.ts";
import { remember } from "./remember.ts";

/** All trials of the store at the reference speed of their machine, as answers learn from them. */
export const atOneSpeed = remember((trials: readonly TrialRecord[]) => speedCorrected(trials));
