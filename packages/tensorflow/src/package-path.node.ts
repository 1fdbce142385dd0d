import { fileURLToPath } from 'node:url'

/** The path of a file that comes with this package, from the package's own folder. */
export function packagePath(file: string): string {
  return fileURLToPath(new URL(`../${file}`, import.meta.url))
}
