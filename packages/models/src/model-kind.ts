/* What a file or folder is that was named as a model, by its content: a name can say anything. None of these is read here yet. */
import { zipNames } from './zip-names.ts'

/** A model of another program, or what is mistaken for one. */
export interface ModelKind {
  /** With its article, to follow "got". */
  readonly what: string
  /** Whole sentences: what can be done about it today. */
  readonly advice: string
}

/** The pieces of a file that tell its kind: its beginning, and of a large one its end. */
export interface FilePieces {
  readonly head: Uint8Array
  readonly tail: Uint8Array
}

const BUILD =
  "gicho doesn't read it yet. Build the same layers with TensorFlow.js, give each its weights " +
  '(in Python: json.dump([[w.tolist() for w in layer.get_weights()] for layer in model.layers], file); ' +
  'here: layer.setWeights(arrays.map((array) => tf.tensor(array)))), and keep the model with saveModel, naming classes and input.'
const TRANSPOSED =
  "gicho doesn't read it yet. Build the same layers with TensorFlow.js, give each its weights with layer.setWeights " +
  '(kernels in the order [in, out] of Dense and [height, width, in, out] of Conv2D), and keep the model with saveModel.'
const EXPORTED = `It holds computations, not layers: go back to the model that it was made of. ${BUILD}`
const RETOLD =
  'Load it with tf.loadLayersModel(fileSystem(FOLDER)) and keep it with saveModel, with classNames: the labels of its metadata.json, ' +
  'and input: { shape: [224, 224, 3], scale: 2 / 255, offset: -1 }.'
const UNZIP = 'Unpack it, and name the folder.'
const AS_TFJS = 'Export the model there once more, as TensorFlow.js.'

/** Recognises a folder by the names in it; undefined for an ordinary one. */
export function folderKind(names: readonly string[]): ModelKind | undefined {
  const has = (pattern: RegExp): boolean => names.some((name) => pattern.test(name))
  if (names.includes('saved_model.pb')) return { what: 'a TensorFlow SavedModel', advice: EXPORTED }
  if (has(/^epoch-\d+-step-\d+\.safetensors$/)) return ownCheckpoint('the checkpoints of a run')
  if (has(/\.data-\d+-of-\d+$/) && has(/\.index$/)) return tensorflowCheckpoint
  if (has(/^model(_unquant)?\.tflite$/) && names.includes('labels.txt')) {
    return { what: 'a Teachable Machine model for TensorFlow Lite', advice: AS_TFJS }
  }
  if (names.includes('keras_model.h5') && names.includes('labels.txt')) {
    return { what: 'a Teachable Machine model for Keras', advice: AS_TFJS }
  }
  return undefined
}

/** A folder of Teachable Machine's TensorFlow.js export, which has no class names where gicho keeps them. */
export const teachableMachine: ModelKind = {
  what: "a Teachable Machine model without gicho's metadata",
  advice: RETOLD,
}

const tensorflowCheckpoint: ModelKind = {
  what: 'a TensorFlow checkpoint, which holds weights without layers',
  advice: `Load it into the Python program that saved it. ${BUILD}`,
}

function ownCheckpoint(what: string): ModelKind {
  return {
    what,
    advice: 'Name the folder of the run, the one with run.json; "gicho resume" goes on from its checkpoints.',
  }
}

/** Recognises a file; undefined for one that is no model that is known here. */
export function fileKind({ head, tail }: FilePieces): ModelKind | undefined {
  const text = letters(head)
  return kinds.find(([fits]) => fits(text))?.[1](text, tail)
}

/** Each byte as the letter of its number: TextDecoder's latin1 is another alphabet, Windows'. */
function letters(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return text
}

type Recogniser = readonly [
  fits: (text: string) => boolean,
  kind: (text: string, tail: Uint8Array) => ModelKind | undefined,
]

const starts =
  (start: string, offset = 0) =>
  (text: string): boolean =>
    text.startsWith(start, offset)

const kinds: readonly Recogniser[] = [
  [starts('PK\x03\x04'), (text, tail) => zipKind(zipNames(tail), text)],
  [starts('\x89HDF\r\n\x1a\n'), hdf5Kind],
  [starts('TFL3', 4), () => ({ what: 'a TensorFlow Lite model (.tflite)', advice: EXPORTED })],
  [isSafetensors, safetensorsKind],
  [
    isOnnx,
    () => ({
      what: 'an ONNX model (.onnx)',
      advice: `It was exported from another program: go back to that. ${TRANSPOSED}`,
    }),
  ],
  [
    // torch.save before PyTorch 1.6: a pickle of a number that begins so
    starts('\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19'),
    () => ({ what: 'a PyTorch file (.pt, .pth)', advice: TRANSPOSED }),
  ],
  [
    isPickle,
    () => ({
      what: 'a Python pickle',
      advice: 'It could run any code when it is opened, so it is opened nowhere here. Export its arrays.',
    }),
  ],
  [
    starts('\x93NUMPY'),
    () => ({ what: 'an array of numpy (.npy)', advice: 'An array alone is no model. Name the folder of one.' }),
  ],
  [starts('GGUF'), () => ({ what: 'a GGUF language model', advice: 'gicho trains and asks image classifiers.' })],
  [starts('\x08\x01\x12'), () => ({ what: 'a part of a TensorFlow SavedModel', advice: EXPORTED })],
  [isGraphDef, () => ({ what: 'a TensorFlow graph (.pb)', advice: EXPORTED })],
  [isPicture, () => ({ what: 'a picture', advice: 'Name the model first, then the pictures.' })],
]

function zipKind(names: readonly string[], text: string): ModelKind | undefined {
  const has = (pattern: RegExp): boolean => names.some((name) => pattern.test(name))
  if (names.includes('model.weights.h5') && names.includes('config.json')) {
    const version = /"keras_version": ?"([\w.]{1,20})"/.exec(text)?.[1]
    return { what: `a model of Keras${version === undefined ? '' : ` ${version}`} (.keras)`, advice: BUILD }
  }
  if (has(/(^|\/)data\.pkl$/)) {
    const scripted = has(/(^|\/)code\//)
    return { what: scripted ? 'a TorchScript model (.pt)' : 'a PyTorch file (.pt, .pth)', advice: TRANSPOSED }
  }
  if (has(/(^|\/)run\.json$/)) return { what: 'a run in a zip archive', advice: UNZIP }
  const folder = folderKind(names)
  if (folder) return { what: `${folder.what}, in a zip archive`, advice: folder.advice }
  if (has(/(^|\/)model\.json$/)) {
    const labelled = has(/(^|\/)metadata\.json$/)
    return labelled
      ? { what: 'a Teachable Machine model in a zip archive', advice: `Unpack it first. ${RETOLD}` }
      : { what: 'a TensorFlow.js model in a zip archive', advice: UNZIP }
  }
  if (has(/(^|\/)saved_model\.pb$/)) return { what: 'a TensorFlow SavedModel in a zip archive', advice: EXPORTED }
  if (names.length > 0 && names.every((name) => name.endsWith('.npy'))) {
    return { what: 'arrays of numpy (.npz)', advice: 'Arrays alone are no model. Name the folder of one.' }
  }
  return {
    what: 'a zip archive',
    advice: 'Unpack it, and name the folder of the model in it (the one with model.json).',
  }
}

function hdf5Kind(text: string): ModelKind {
  if (text.includes('model_config')) {
    const version = text.includes('batch_input_shape') ? 'Keras 2' : 'Keras 3' // which says batch_shape
    return { what: `a model of ${version} in HDF5 (.h5)`, advice: BUILD }
  }
  if (/layer_names|_layer_checkpoint|vars/.test(text)) {
    return { what: 'the weights of a Keras model in HDF5 (.h5), without its layers', advice: BUILD }
  }
  return { what: 'an HDF5 file', advice: 'It says nothing of Keras layers. Name the folder of a model.' }
}

/** A length of eight bytes, and so long a JSON object. */
function isSafetensors(text: string): boolean {
  return text.startsWith('\0\0\0\0\0{', 3)
}

function safetensorsKind(text: string): ModelKind {
  if (text.includes('"gicho-checkpoint"')) return ownCheckpoint('a checkpoint of a run')
  return {
    what: 'weights in safetensors, without layers',
    advice: TRANSPOSED,
  }
}

/** A protobuf message that begins with the version of ONNX' format and then names its producer, its graph or its operators. */
function isOnnx(text: string): boolean {
  const [first, version = 0, field = 0] = [0, 1, 2].map((at) => text.charCodeAt(at))
  return first === 0x08 && version >= 3 && version <= 0x20 && [0x12, 0x3a, 0x42].includes(field)
}

function isPickle(text: string): boolean {
  const version = text.charCodeAt(1)
  return text.charCodeAt(0) === 0x80 && version >= 2 && version <= 5
}

/** A protobuf message of nodes, the first of which says its operation. */
function isGraphDef(text: string): boolean {
  return text.charCodeAt(0) === 0x0a && /Placeholder|Const|VarHandleOp|NoOp/.test(text.slice(0, 200))
}

function isPicture(text: string): boolean {
  return starts('\x89PNG')(text) || starts('\xff\xd8\xff')(text) || starts('WEBP', 8)(text) || starts('GIF8')(text)
}
