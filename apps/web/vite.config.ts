import type { UserConfig } from 'vite'
import manifest from './package.json' with { type: 'json' }
import { lessonTexts } from './vite/lesson-texts.ts'
import { mnistFiles } from './vite/mnist-files.ts'
import { offline } from './vite/offline.ts'
import { contentSecurity, isolationHeaders, siteHeaders } from './vite/security.ts'
import { signLanguageFiles } from './vite/sign-language-files.ts'
import { tfjsThreads } from './vite/tfjs-threads.ts'
import { tfjsWasmFiles } from './vite/tfjs-wasm-files.ts'
import { thirdParty } from './vite/third-party.ts'
import { workerEntries } from './vite/worker-entries.ts'

const licences = thirdParty()

const config: UserConfig = {
  base: './', // the built site works in any folder of a host
  plugins: [
    lessonTexts(),
    mnistFiles(),
    signLanguageFiles(),
    tfjsWasmFiles(),
    contentSecurity(),
    licences.page,
    offline(),
  ],
  define: { __GICHO_VERSION__: JSON.stringify(manifest.version) },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: { format: 'es', plugins: () => [tfjsThreads(), workerEntries(), licences.worker()] },
  build: { target: 'es2023', modulePreload: { polyfill: false }, chunkSizeWarningLimit: 1000 },
  server: { headers: isolationHeaders },
  preview: { headers: siteHeaders },
}

export default config
