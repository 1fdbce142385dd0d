/* What a visitor does who doesn't know the site yet, on the built site in a real browser: odd links, files of other kinds, windows side by side. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeRunCard } from '@gicho/core'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { sampleCard } from '../src/worker/keeping/sample-card.ts'
import { type Opened, openPage, openSite, type Site } from './site.ts'

vi.setConfig({ testTimeout: 60_000 })

let site: Site
let context: BrowserContext

beforeAll(async () => {
  vi.stubEnv('GICHO_ASL_DIR', '') // the site is not to serve the photos
  site = await openSite()
  context = await site.context({ viewport: { width: 320, height: 640 } })
}, 60_000)
afterAll(() => site?.close())

const open = (hash: string): Promise<Opened> => openPage(site, context, hash)

const widthOf = (page: Page): Promise<number> => page.evaluate('document.documentElement.scrollWidth')

async function giveRun(page: Page, name: string, content: string | Uint8Array): Promise<void> {
  const buffer = Buffer.from(content)
  await page.locator('.runs input').setInputFiles({ name, mimeType: 'application/octet-stream', buffer })
}

test('a link to a lesson or a setting that isn’t here says so, as wide as the phone however long it is, and only there', async () => {
  const { page, problems } = await open(`#/no-such-lesson${'n'.repeat(500)}`)
  await page.getByText('This link asks for a lesson “no-such-lessonnnn').waitFor()
  expect(await widthOf(page)).toBe(320)
  await page.goto(`${site.origin}/#/MNIST/?epochs=${'9'.repeat(5000)}&dropout=0.5`)
  await page.getByRole('heading', { level: 1, name: 'Reading handwritten digits' }).waitFor()
  expect(await page.getByText('This link asks for a lesson').count()).toBe(0)
  await page.getByText('This link says epochs=9999').waitFor()
  await page.getByText('This link says dropout=0.5, which is no setting of this page.').waitFor()
  expect(await widthOf(page)).toBe(320)
  await page.locator('.runs').scrollIntoViewIfNeeded()
  await page.locator('.logo').click()
  await page.locator('.hero h1').waitFor()
  expect(await page.locator('.notice').count()).toBe(0)
  expect(await page.evaluate('scrollY')).toBe(0)
  expect(problems).toEqual([])
  await page.close()
})

test('tables are no wider than a narrow phone, and a run of others with an odd date and a long device is listed', async () => {
  const { page, problems } = await open('#/mnist')
  await page.locator('.engines summary').click()
  await page.locator('.engines tbody tr').first().waitFor()
  const card = { ...sampleCard, startedAt: 'long ago', device: 'GPU'.repeat(200) }
  await giveRun(page, 'run.json', encodeRunCard(card))
  const row = page.locator('.runs tbody tr').first()
  expect(await row.locator('td').first().innerText()).toBe('–')
  expect((await row.locator('td').nth(3).innerText()).length).toBeLessThan(80)
  expect(await widthOf(page)).toBe(320)
  await page.getByRole('button', { name: 'Remove mnist 1' }).click()
  await row.waitFor({ state: 'detached' })
  expect(problems).toEqual([])
  await page.close()
})

test('what is said of a file is seen where the file was given, and says what kind of file it is', async () => {
  const { page, problems } = await open('#/mnist')
  await page.locator('.runs .file-picker').scrollIntoViewIfNeeded()
  const said = async (text: string): Promise<void> => {
    const notice = page.locator('.notices .notice', { hasText: text }).first()
    await notice.waitFor()
    const { y = -1 } = (await notice.boundingBox()) ?? {}
    expect(y, text).toBeGreaterThan(0)
    expect(y, text).toBeLessThan(640)
    await notice.getByRole('button', { name: 'Dismiss' }).click()
  }
  await giveRun(page, 'net.h5', Buffer.from('\x89HDF\r\n\x1a\n and so on', 'latin1'))
  await said('This is no run and no model of gicho.')
  const newer = new TextDecoder().decode(encodeRunCard(sampleCard)).replace('"formatVersion": 1', '"formatVersion": 9')
  await giveRun(page, 'run.json', newer)
  await said('Another version of gicho wrote this.')
  // A run of another lesson isn't in this lesson's list: the way there is offered.
  await giveRun(page, 'run.json', encodeRunCard({ ...sampleCard, recipe: 'asl' }))
  await page.locator('.notices').getByRole('button', { name: 'Go there' }).click()
  await page.getByRole('button', { name: 'Remove asl 1' }).click()
  await page.goto(`${site.origin}/#/asl-deploy`)
  const photo = page.locator('[data-step=photo] input[type=file]')
  await photo.scrollIntoViewIfNeeded()
  await photo.setInputFiles({
    name: 'hand.gif',
    mimeType: 'image/gif',
    buffer: Buffer.from('GIF89a\x01\0\x01\0', 'latin1'),
  })
  await said('This kind of picture can’t be read here')
  expect(problems).toEqual([])
  await page.close()
})

test('a run’s folder can be dropped as it is, and what one window opens or removes the other shows', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gicho-dropped-'))
  await mkdir(join(folder, 'mnist', '7'), { recursive: true })
  await writeFile(join(folder, 'mnist', '7', 'run.json'), encodeRunCard(sampleCard))
  const { page, problems } = await open('#/mnist')
  const beside = await open('#/mnist')
  await beside.page.locator('.runs', { hasText: 'No run yet' }).waitFor()
  const zone = page.locator('.runs .file-picker')
  await zone.scrollIntoViewIfNeeded()
  const { x = 0, y = 0 } = (await zone.boundingBox()) ?? {}
  const debug = await context.newCDPSession(page)
  const data = { items: [], files: [join(folder, 'mnist', '7')], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await debug.send('Input.dispatchDragEvent', { type, x: x + 20, y: y + 12, data })
  }
  await page.locator('.notices', { hasText: 'Opened as run mnist' }).waitFor()
  await beside.page.locator('.runs tbody tr').waitFor()
  await page.locator('.runs tbody button', { hasText: 'Remove' }).click()
  await beside.page.locator('.runs', { hasText: 'No run yet' }).waitFor()
  expect([...problems, ...beside.problems]).toEqual([])
  await Promise.all([page.close(), beside.page.close()])
  await rm(folder, { recursive: true })
})
