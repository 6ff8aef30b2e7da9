import type { ModelPlugin, ModelState, Training } from "../../contract/index.ts";

/** In a thread for models: fits the model whose module has this URL. */
export default {
  async fit(url: string, training: Training, seed: number): Promise<ModelState> {
    const { default: model } = (await import(url)) as { default: ModelPlugin };
    return model.fit(training, seed);
  },
};
