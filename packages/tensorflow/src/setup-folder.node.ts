import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/** Names the folder for every program that is started with it. */
export const FOLDER_VARIABLE = 'GICHO_TENSORFLOW_DIR'

/** Where the setup lies: `GICHO_TENSORFLOW_DIR`, else gicho's folder among the user's data. */
export function setupFolder(env: NodeJS.ProcessEnv = process.env, platform: string = process.platform): string {
  const named = env[FOLDER_VARIABLE]
  if (named) return resolve(named)
  return join(dataFolder(env, platform), 'gicho', 'tensorflow')
}

function dataFolder(env: NodeJS.ProcessEnv, platform: string): string {
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support')
  if (platform === 'win32') return env.LOCALAPPDATA || join(homedir(), 'AppData', 'Local')
  return env.XDG_DATA_HOME || join(homedir(), '.local', 'share')
}

/** Files and folders of a setup; nothing else in its folder is ever touched. */
export const PARTS = {
  record: 'setup.json',
  lock: 'setup.lock',
  venv: 'venv',
  packageFile: 'package.json',
  packageLock: 'package-lock.json',
  shims: 'shims',
  packages: 'node_modules',
  native: 'native',
} as const

/** The package of npm that holds tfjs' side of the binding; both have the same sources. */
export function packageName(gpu: boolean): string {
  return gpu ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node'
}
