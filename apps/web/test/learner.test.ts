/* What a learner does out of order, on the built site in a real browser: nothing is silently wrong, and it is said where one looks. */
import { fileURLToPath } from 'node:url'
import { encodeRunCard } from '@gicho/core'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { sampleCard } from '../src/worker/keeping/sample-card.ts'
import { runStep, startTraining, trainingEnds } from './lesson.ts'
import { type Opened, openPage, openSite, type Site } from './site.ts'

vi.setConfig({ testTimeout: 60_000 })

let site: Site
let context: BrowserContext

beforeAll(async () => {
  vi.stubEnv('GICHO_ASL_DIR', '') // the site is not to serve the photos
  site = await openSite()
  context = await site.context({ viewport: { width: 1280, height: 900 } })
}, 60_000)
afterAll(() => site?.close())

function open(hash: string): Promise<Opened> {
  return openPage(site, context, hash)
}

/** Goes on on the same page, as a link does. */
async function follow(page: Page, hash: string): Promise<void> {
  await page.evaluate(`location.hash = '${hash}'`)
}

const dots = (page: Page): Promise<string[]> =>
  page.locator('.index li[data-status]').evaluateAll((all) => all.map((each) => each.getAttribute('data-status') ?? ''))

test('with a setting that can’t be nothing is run, and the form shows which one it is', async () => {
  const { page, problems } = await open('#/mnist?epochs=1&limit=500')
  await page.locator('.settings-fold summary').click()
  const epochs = page.locator('.settings input[name=epochs]')
  await epochs.fill('2.5')
  await page.locator('.settings-fold summary').click()
  await page.locator('.training .run-line button.primary').click()
  expect(await page.locator('.settings [role=alert]').innerText()).toBe('A whole number from 1 to 200.')
  expect(await page.evaluate('document.activeElement.name')).toBe('epochs')
  await page.locator('[data-step=load] button.run').click()
  expect(await page.locator('.training').getAttribute('data-phase')).toBe('idle')
  expect(await page.locator('[data-step=load]').getAttribute('data-status')).toBe('idle')
  // A link on the same lesson is taken, in the place of what was typed.
  await follow(page, '#/mnist?epochs=3&limit=600')
  await expect.poll(() => epochs.inputValue()).toBe('3')
  expect(await page.locator('.settings [role=alert]').count()).toBe(0)
  await follow(page, '#/mnist')
  await expect.poll(() => page.evaluate('location.hash')).toBe('#/mnist?epochs=3&limit=600')
  expect(problems).toEqual([])
  await page.close()
})

test('while a lesson trains it is listed so, another lesson says so below its own button, and a link is told to wait', async () => {
  const { page, problems } = await open('#/mnist?epochs=200&limit=640')
  await startTraining(page)
  // Epochs are short here.
  await page
    .locator('.numbers div', { hasText: 'images/s' })
    .locator('dd', { hasText: /^[\d,]+$/ })
    .waitFor()
  await page.locator('.numbers div', { hasText: 'time left' }).locator('dd', { hasText: /\d/ }).waitFor()
  expect(await page.locator('.runs tbody tr').first().innerText()).toContain('in training')
  await follow(page, '#/mnist?epochs=2')
  await page.locator('.notices', { hasText: 'This lesson is training.' }).waitFor()
  expect(await page.evaluate('location.hash')).toBe('#/mnist?epochs=200&limit=640')
  await page.locator('.notices').getByRole('button', { name: 'Dismiss' }).click()
  await follow(page, '#/asl?limit=500')
  await page.locator('.training .run-line button.primary').click()
  const notice = page.locator('.training .notice', { hasText: 'Lesson 1, “' })
  expect(await notice.innerText()).toContain('is training in this tab')
  await notice.getByRole('button', { name: 'Go there' }).click()
  await page.getByRole('button', { name: 'Stop', exact: true }).click()
  expect((await trainingEnds(page)).epochs).toContain('interrupted')
  expect(problems).toEqual([])
  await page.close()
})

test('lesson 5 reads a photo that is chosen after its steps were run, turned as its camera noted', async () => {
  const { page, problems } = await open('#/asl-deploy')
  await runStep(page, 'resize')
  const picker = page.locator('[data-step=photo] input[type=file]')
  const photos = new URL('../../../packages/preprocess/fixtures/images/', import.meta.url)
  await picker.setInputFiles(fileURLToPath(new URL('exif-6.jpg', photos)))
  await page.locator('[data-step=photo]', { hasText: 'The lesson’s steps read exif-6.jpg.' }).waitFor()
  await page.locator('[data-step=resize][data-status=done]').waitFor()
  const output = page.locator('[data-step=photo] .outputs')
  expect(await output.innerText()).toContain('This photo was turned by its EXIF orientation (6)')
  const grey = page.locator('[data-step=grey] .outputs')
  const upright = await grey.innerText()
  await page.getByLabel('Turn it upright').uncheck()
  await output.filter({ hasText: 'It was left as it is stored' }).waitFor()
  await page.locator('[data-step=resize][data-status=done]').waitFor()
  const size = /\((\d+), (\d+)\)/
  const [, height, width] = size.exec(upright) ?? []
  expect(size.exec(await grey.innerText())?.slice(1)).toEqual([width, height])
  expect((await dots(page)).slice(0, 4)).toEqual(['done', 'done', 'done', 'done'])
  expect(problems).toEqual([])
  await page.close()
})

test('what went well is said in green, and stays where it happened', async () => {
  const { page, problems } = await open('#/mnist')
  const buffer = Buffer.from(encodeRunCard(sampleCard))
  await page.locator('.runs input').setInputFiles({ name: 'run.json', mimeType: 'application/json', buffer })
  await page.locator('.notices .notice[data-kind=good]', { hasText: 'Opened as run mnist' }).waitFor()
  await follow(page, '#/asl')
  await page.locator('.data').waitFor()
  expect(await page.locator('.notices .notice').count()).toBe(0)
  expect(problems).toEqual([])
  await page.close()
})

test('without a network a lesson that was never loaded says so, and goes on once there is one', async () => {
  const fresh = await site.context({ serviceWorkers: 'block' })
  const { page } = await openPage(site, fresh, '#/mnist?limit=500')
  await page.locator('.machine').filter({ hasText: 'Training will run' }).waitFor()
  await fresh.setOffline(true)
  await page.locator('[data-step=load] button.run').click()
  await page.locator('[data-step=load] .notice', { hasText: 'There is no network' }).waitFor()
  await page.locator('[data-step=flatten] button.run').click()
  await page.locator('[data-step=flatten] .notice', { hasText: 'There is no network' }).waitFor() // where one looks, too
  await fresh.setOffline(false)
  await page.locator('[data-step=flatten] button.run').click()
  await page.locator('[data-step=flatten][data-status=done]').waitFor()
  expect(await page.locator('[data-step=load]').getAttribute('data-status')).toBe('done')
  await fresh.close()
})
