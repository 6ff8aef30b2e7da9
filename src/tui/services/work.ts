import { fromHere, Lab, type Named, presets, saveExperiment } from "../../core/lab.ts";
import type { Services } from "../services.ts";

/** Records of one answer: what the receiving thread can take in without a visible pause. */
const chunk = 250;
const curvePoints = 40;

/** What the thread of the console does. */
export type Work = Omit<Services, "command">;

/** The work of the console in a lab that is opened when it is first needed. `named`: files that the user named. */
export function labWork(named: Named): Work {
  let opened: Promise<Lab> | undefined;
  const lab = () => {
    opened ??= Lab.open(named);
    return opened;
  };
  return {
    async plugins() {
      // Read anew, for whatever is asked from now on: one may just have been added or removed.
      const before = opened;
      const fresh = Lab.open(named);
      opened = fresh;
      fresh.catch(() => {
        opened = before;
      });
      const { pluginsInUse } = await fresh;
      return { ...pluginsInUse, file: fromHere(pluginsInUse.file) };
    },
    diagnose: async () => (await lab()).machine.diagnose(),
    sweeps: async () => (await lab()).store.sweeps(),
    trialsAfter: async (place) => (await lab()).store.trialsAfter(place, chunk),
    preview: async (flags) => (await lab()).sweeps.preview(flags),
    presets,
    saveExperiment,
    recall: async () => Lab.preferences.lastSweep(),
    remember: async (flags) => Lab.preferences.rememberSweep(flags),
    predict: async (...asked) => (await lab()).answers.predict(...asked),
    curve: async (about, target, fixed, confidence, options) =>
      (await lab()).answers.curve(about, target, fixed, confidence, { count: curvePoints, ...options }),
    recommend: async (...asked) => (await lab()).answers.recommend(...asked),
    models: async (...asked) => (await lab()).answers.models(...asked),
  };
}
