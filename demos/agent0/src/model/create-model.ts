// Selects the dialect from the settings.
import { createAnthropicModel } from './anthropic.ts'
import type { Model } from './model.ts'
import type { ModelApi, ModelSettings } from './model-settings.ts'
import { createOllamaModel } from './ollama.ts'
import { createOpenAiModel } from './openai.ts'

const DIALECTS: Readonly<Record<ModelApi, (settings: ModelSettings) => Model>> = {
  openai: createOpenAiModel,
  anthropic: createAnthropicModel,
  ollama: createOllamaModel,
}

export function createModel(settings: ModelSettings): Model {
  return DIALECTS[settings.api](settings)
}
