import type { io } from '@tensorflow/tfjs-core'
import { explainTeachableMachine } from './explain-foreign-model.node.ts'
import { registerKeras3Classes } from './keras3-classes.ts'
import { readArtifacts } from './read-artifacts.node.ts'
import { fromArtifacts, type SavedModel, toArtifacts } from './saved-model.ts'
import { writeArtifacts } from './write-artifacts.node.ts'

/**
 * An IOHandler for a folder, for plain tfjs too; it does what `file://` does in tfjs-node, without tfjs-node.
 *
 * @example
 * await model.save(fileSystem('my-model'))
 * const again = await tf.loadLayersModel(fileSystem('my-model'))
 */
export function fileSystem(folder: string): Required<io.IOHandler> {
  registerKeras3Classes()
  return {
    save: (artifacts) => writeArtifacts(folder, artifacts),
    load: () => readArtifacts(folder),
  }
}

/**
 * Saves a model with its class names, input treatment, compile options and optimizer state: `model.json` and binary
 * weight files of tfjs' layers-model format, which a page loads by URL with plain tfjs.
 *
 * An earlier model in the folder is replaced as a whole, at one moment: an interrupted save leaves it as it was.
 *
 * @example
 * await saveModel('digits', { model, classNames: data.classNames, input: unitRange([784]) })
 * @throws GichoError `io` when the file system refuses; also what {@link toArtifacts} throws
 */
export async function saveModel(folder: string, saved: SavedModel): Promise<void> {
  await writeArtifacts(folder, await toArtifacts(saved))
}

/**
 * Loads what {@link saveModel} saved; the model's tensors are the caller's to dispose.
 *
 * @throws GichoError `not-found` for a missing folder, model.json or weight file; `bad-data` and `bad-hash` for contents
 *   that aren't whole, a file that is no model, or a model without gicho's metadata; `unsupported` for Keras 3 and graph models and for
 *   models of other programs, saying what it is and what to do; `io`
 */
export async function loadModel(folder: string): Promise<SavedModel> {
  const artifacts = await readArtifacts(folder)
  if (artifacts.userDefinedMetadata === undefined) {
    const other = await explainTeachableMachine(folder)
    if (other) throw other
  }
  return fromArtifacts(artifacts, folder)
}
