import chromium from '@sparticuz/chromium'
import { playwright } from '@vitest/browser-playwright'
import type { ViteUserConfig } from 'vitest/config'

/** Tests that run inside a page: of the Chromium that npm brings, with WebGPU on a software adapter. */
const IN_A_PAGE = 'packages/*/test/**/*.page.test.ts'

const config: ViteUserConfig = {
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          include: [
            'packages/*/src/**/*.test.ts',
            'packages/*/test/**/*.test.ts',
            'apps/*/src/**/*.test.ts',
            'apps/*/test/**/*.test.ts',
            'apps/*/vite/**/*.test.ts',
            'test/**/*.test.ts',
          ],
          exclude: [IN_A_PAGE],
        },
      },
      {
        extends: true,
        test: {
          name: 'page',
          include: [IN_A_PAGE],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: {
                executablePath: await chromium.executablePath(),
                args: [
                  '--no-sandbox',
                  '--no-zygote',
                  '--enable-unsafe-webgpu',
                  '--use-webgpu-adapter=swiftshader',
                  // Clearing shared memory, which no kernel relies on, takes SwiftShader half a second a kernel to compile.
                  '--enable-dawn-features=disable_workgroup_init',
                ],
              },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
}

export default config
