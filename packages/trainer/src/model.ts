/** One weight of a tfjs-layers model. */
export interface ModelWeight {
  readonly originalName: string
  readonly shape: readonly (number | null)[]
  read(): { data(): Promise<ArrayLike<number>> }
  write(value: never): unknown
}

/** What is needed of a tfjs-layers model; every `tf.LayersModel` is one. */
export interface TrainableModel {
  readonly inputs: readonly { readonly shape: readonly (number | null)[] }[]
  readonly outputs: readonly { readonly shape: readonly (number | null)[] }[]
  readonly weights: readonly ModelWeight[]
  /** Those that aren't frozen. */
  readonly trainableWeights?: readonly ModelWeight[]
  /** What `model.compile` was given, where it was called. */
  readonly loss?: unknown
  readonly optimizer?: unknown
  readonly metrics?: unknown
  toJSON(unused?: null, returnString?: boolean): unknown
}
