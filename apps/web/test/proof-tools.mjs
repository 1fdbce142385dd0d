/* For proofs only: a page of a site of its own, and a check that says what was wrong. */
import { openPage, openSite } from './site.ts'

/** Chromium with a WebGPU adapter that the CPU emulates. */
export const WEBGPU = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-features=Vulkan']

/** Opens a page in a browser of its own. @param args of Chromium @param prepare the context, before the page is opened */
export async function open(hash, args = [], prepare) {
  const site = await openSite({ args })
  const context = await site.context({ viewport: { width: 1280, height: 900 } })
  await prepare?.(context)
  return { site, context, ...(await openPage(site, context, hash)) }
}

/** Puts code before the worker's own. */
export async function beforeWorker(context, code) {
  await context.route('**/lesson-worker*.js', async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, body: code + (await response.text()) })
  })
}

export function check(holds, what) {
  if (!holds) throw new Error(what)
}

/** Waits for a sentence among the page's notices, and takes it away. */
export async function said(page, text) {
  const notice = page.locator('.notices .notice', { hasText: text })
  await notice.waitFor({ timeout: 60_000 })
  await notice.getByRole('button', { name: 'Dismiss' }).click()
}
