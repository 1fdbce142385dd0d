/* For tests only: the built site, served as `npm start` serves it, and pages of a real browser. */
import { fileURLToPath } from 'node:url'
import chromium from '@sparticuz/chromium'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
  chromium as playwright,
} from 'playwright-core'
import { preview } from 'vite'

/** A site that is served, and a browser. */
export interface Site {
  readonly origin: string
  /** A context of its own has storage of its own. */
  context(options?: BrowserContextOptions): Promise<BrowserContext>
  close(): Promise<void>
}

/** The Chromium that npm brings. */
export async function openBrowser(args: readonly string[] = []): Promise<Browser> {
  return playwright.launch({
    executablePath: await chromium.executablePath(),
    args: ['--no-sandbox', '--no-zygote', ...args],
    headless: true,
  })
}

/** Serves `dist`. @param headers false: as a static host does, without isolation headers */
export async function openSite({
  headers = true,
  args = [],
}: {
  headers?: boolean
  args?: string[]
} = {}): Promise<Site> {
  const server = await preview({
    root: fileURLToPath(new URL('..', import.meta.url)),
    logLevel: 'error',
    preview: { port: 0, host: '127.0.0.1', ...(headers ? {} : { headers: {} }) },
  })
  if (!headers) server.config.preview.headers = {}
  const address = server.httpServer.address()
  const origin = `http://localhost:${typeof address === 'object' && address ? address.port : 0}`
  const browser = await openBrowser(args)
  return {
    origin,
    context: (options = {}) => browser.newContext({ locale: 'en-US', ...options }),
    close: async () => {
      await browser.close()
      await new Promise((resolve) => server.httpServer.close(resolve))
    },
  }
}

/** A page of the site, and everything that went wrong in it so far. */
export interface Opened {
  readonly page: Page
  readonly problems: string[]
}

/** Opens an address of the site. @param hash as `#/mnist` */
export async function openPage(site: Site, context: BrowserContext, hash = ''): Promise<Opened> {
  const page = await context.newPage()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('requestfailed', (request) => problems.push(`${request.url()}: ${request.failure()?.errorText}`))
  page.on('response', (response) => response.status() >= 400 && problems.push(`${response.status()} ${response.url()}`))
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  // The page makes a sentence of what it didn't expect; here that is a problem all the same.
  await page.addInitScript("addEventListener('unhandledrejection', ({ reason }) => console.error('unhandled', reason))")
  await page.goto(`${site.origin}/${hash}`)
  return { page, problems }
}
