/*
 * Which files a program needs: its imports, and theirs, read from the text. What a package loads otherwise (Dawn's binary) is named
 * by bundle/main.ts.
 */
import { existsSync, readFileSync } from 'node:fs'
import { createRequire, isBuiltin } from 'node:module'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const SPECIFIER = /(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*["'`]([^"'`\s]+)["'`]/g
const WORKER = /\bnew URL\(\s*["'`](\.[^"'`\s]+\.[cm]?[jt]s)["'`]/g

/** The modules that a text imports, requires, or names as the address of a worker, each once; no built-in ones. */
export function specifiersOf(text: string): string[] {
  const matches = [...text.matchAll(SPECIFIER), ...text.matchAll(WORKER)]
  const names = matches.flatMap(([, name]) => (name === undefined ? [] : [name]))
  return [...new Set(names)].filter((name) => !isBuiltin(name) && !/^[a-z]+:/.test(name))
}

/**
 * The files that some files below `root` import, and theirs, with the package.json of every folder above them, as paths from the
 * root. What isn't installed is left out: a package may be optional, and a comment may read like an import.
 *
 * @throws Error when one of gicho's own packages isn't built
 */
export function trace(root: string, entries: readonly string[]): string[] {
  const seen = new Set<string>()
  const waiting = entries.map((entry) => join(root, entry))
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file)) continue
    seen.add(file)
    if (!/\.[cm]?[jt]s$/.test(file)) continue
    for (const name of specifiersOf(readFileSync(file, 'utf8'))) {
      const found = resolve(name, file)
      if (found.length === 0 && name.startsWith('@gicho/')) {
        throw new Error(`${name}: expected a built package, found none. Run npm run build first.`)
      }
      waiting.push(...found)
    }
  }
  const below = [...seen].map((file) => relative(root, file))
  return [...new Set(below.flatMap((file) => [file, ...manifests(root, file)]))].sort()
}

/** The files that a name may mean: a package can have one for `import` and one for `require`. */
function resolve(name: string, from: string): string[] {
  if (name.startsWith('.')) {
    const path = join(dirname(from), name)
    return [path, `${path}.js`, join(path, 'index.js')].filter(
      (candidate) => /\.\w+$/.test(candidate) && existsSync(candidate),
    )
  }
  const ways = [() => createRequire(from).resolve(name), () => fileURLToPath(import.meta.resolve(name))]
  const found = ways.flatMap((way) => {
    try {
      return [way()]
    } catch {
      return []
    }
  })
  return found.filter((path) => existsSync(path))
}

/** The package.json files that Node reads for a file. */
function manifests(root: string, file: string): string[] {
  const folders = dirname(file).split(sep)
  return folders
    .map((_, depth) => join(...folders.slice(0, depth + 1), 'package.json'))
    .concat('package.json')
    .filter((path) => existsSync(join(root, path)))
}
