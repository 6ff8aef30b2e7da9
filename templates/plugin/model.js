import { defineModel } from "proxy-lab/contract";

/** Answers the mean of what it was taught, to begin with something that works. */
export default defineModel({
  id: "my-plugin",
  title: "My plugin",
  minimumRows: 1,

  // Pure: the same rows and the same seed give the same state, which is plain data.
  fit({ y }) {
    if (y.length < 1) throw new Error("needs a row");
    return y.reduce((sum, figure) => sum + figure, 0) / y.length;
  },

  predict(mean, x) {
    return x.map(() => Number(mean));
  },
});
