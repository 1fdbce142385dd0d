import type { UserConfig } from 'tsdown'

/** How every package is built: ESM only, one declaration file beside each entry, nothing bundled that npm can install. */
export function packageConfig(entry: string[] | Record<string, string>, overrides: UserConfig = {}): UserConfig {
  return {
    entry,
    format: 'esm',
    platform: 'neutral',
    target: 'es2023',
    dts: true,
    sourcemap: true,
    clean: true,
    deps: { neverBundle: [/^node:/] },
    fixedExtension: false,
    ...overrides,
  }
}
