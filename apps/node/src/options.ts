/* Options that several commands share. */

export const languageOption = { type: 'string', valueHint: 'en|ko', description: 'Language of the lesson' } as const

export const dataOption = {
  type: 'string',
  valueHint: 'path',
  description:
    "Where the dataset's files are: a folder; for sign-language also a zip or a CSV (default: cache, network)",
} as const

export const trustOption = {
  type: 'boolean',
  description: 'Take data at --data that is not the published one too',
} as const

export const backendOption = {
  type: 'string',
  valueHint: 'auto|cpu|wasm|webgpu|tensorflow',
  default: 'auto',
  description: 'What the tfjs engine computes on',
} as const

/** A model that commands ask. */
export const modelArgument = {
  type: 'positional',
  required: true,
  description: "a run's or a model's folder, or a recipe for its newest finished run",
} as const

export const outOption = {
  type: 'string',
  valueHint: 'dir',
  default: 'runs',
  description: 'Folder of all runs',
} as const

export const asStoredOption = {
  type: 'boolean',
  description: "Don't turn photos by their EXIF orientation (Keras' load_img doesn't)",
} as const

export const limitOption = {
  type: 'string',
  valueHint: 'n',
  description: 'Take no more than n images of each part (for a quick try)',
} as const

export const jsonOption = {
  type: 'boolean',
  description: 'Print one JSON object a line on standard output, all else on standard error',
} as const

export const checkpointOption = {
  type: 'string',
  valueHint: 'n',
  description: 'Keep a checkpoint every n seconds, besides each epoch (default 30)',
} as const
