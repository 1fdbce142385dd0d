import { createRequire } from 'node:module'
import process from 'node:process'

const require = createRequire(import.meta.url)

/** The version in a package's package.json; `?` where it can't be read. */
function versionOf(manifest: string): string {
  try {
    const content: unknown = require(manifest)
    const version =
      typeof content === 'object' && content !== null && 'version' in content ? content.version : undefined
    return typeof version === 'string' ? version : '?'
  } catch {
    return '?'
  }
}

/** gicho's own version. */
export function gichoVersion(): string {
  return versionOf('../package.json')
}

/** What a run's record says it was made with. */
export function versions(): Record<string, string> {
  const packages = ['@gicho/recipes', '@gicho/trainer', '@gicho/engine', '@tensorflow/tfjs-core']
  const entries = packages.map((name) => [name, versionOf(`${name}/package.json`)])
  return { gicho: gichoVersion(), node: process.version, ...Object.fromEntries(entries) }
}
