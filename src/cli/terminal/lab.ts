import type { Face } from "../../core/domain/face.ts";
import { Lab, type Named } from "../../core/lab.ts";
import { noticeInWords } from "../../core/words/notice.ts";
import { interruptible } from "./interrupt.ts";
import { warn } from "./output.ts";
import { withProgress } from "./progress.ts";

/** Options that mean the same for every command. */
export interface CommonOptions extends Named {
  readonly json?: boolean;
}

/** Does work in the lab that the common options ask for, and closes it. */
export async function inLab<T>(options: CommonOptions, work: (lab: Lab) => T | Promise<T>): Promise<T> {
  const lab = await Lab.open(options, faceFor(options));
  try {
    return await work(lab);
  } finally {
    lab.close();
  }
}

function faceFor({ json = false }: CommonOptions): Face {
  return {
    onNotice: (notice) => warn(noticeInWords(notice)),
    running(work) {
      return interruptible((signal) => withProgress({ quiet: json }, (onEvent) => work({ signal, onEvent })));
    },
  };
}
