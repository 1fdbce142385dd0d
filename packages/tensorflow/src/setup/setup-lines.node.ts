import { FOLDER_VARIABLE, setupFolder } from '../setup-folder.node.ts'
import type { Setup } from './set-up.node.ts'

/** What a person is told of a finished setup, a line each: what it is, and what is left to do. */
export function setupLines({ record, proof, unchanged }: Setup): string[] {
  const { wheel, folder, gpu } = record
  const done = unchanged ? 'Set up already' : 'Set up'
  return [
    `${done}: TensorFlow ${wheel.version} on ${proof.type} (${proof.name}), in ${folder}`,
    ...(gpu && proof.type !== 'GPU'
      ? ['TensorFlow sees no GPU. What is missing: npx --no gicho-tensorflow status']
      : []),
    ...(folder === setupFolder() ? [] : [`Programs find it with ${FOLDER_VARIABLE}=${folder}`]),
  ]
}
