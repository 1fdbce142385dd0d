export { type CompileOptions, type ModelMetadata, readMetadata, writeMetadata } from './metadata.ts'
export { type MnistMlpOptions, mnistMlp } from './mnist-mlp.ts'
export { fromArtifacts, type SavedModel, toArtifacts } from './saved-model.ts'
export { formatSummary, summarize } from './summary.ts'
