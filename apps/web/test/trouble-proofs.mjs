/* Proofs of what goes wrong on a learner's machine: each has a sentence on the page and a way on, and nothing stays unhandled. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { runStep, startTraining, trainingEnds } from './lesson.ts'
import { beforeWorker, check, open, said, WEBGPU } from './proof-tools.mjs'
import { openPage, openSite } from './site.ts'

/** Ends the browser's GPU process, as a driver that is reset does. */
async function crashGpu(context) {
  const session = await context.browser().newBrowserCDPSession()
  await session.send('Browser.crashGpuProcess').catch(() => undefined) // the answer may not come any more
  await session.detach()
}

/** Trains on an engine, and loses the GPU within the first epoch. */
async function withoutItsGpu(engine, sentence, prepare) {
  const { page, problems, site, context } = await open(`#/mnist?epochs=2&limit=1280&engine=${engine}`, WEBGPU, prepare)
  await startTraining(page)
  await page
    .locator('.numbers dd', { hasText: /^0\.\d/ })
    .first()
    .waitFor({ timeout: 60_000 })
  await crashGpu(context)
  await said(page, sentence)
  const { epochs, valAccuracy } = await trainingEnds(page, 240_000)
  const device = await page.locator('.runs tbody tr').first().locator('td').nth(3).innerText()
  await site.close()
  check(epochs === '2/2 done', epochs)
  check(valAccuracy > 0.8, `val_accuracy ${valAccuracy}`)
  check(problems.length === 0, problems.join())
  return `val_accuracy ${valAccuracy} on ${device}`
}

/** In the worker: the adapter passes for a real one, so that `auto` takes it; once its device is lost there is none. */
const OWN_GPU_ONCE = `{
  const ask = navigator.gpu.requestAdapter.bind(navigator.gpu)
  let isLost = false
  navigator.gpu.requestAdapter = async (options) => {
    const adapter = isLost ? null : await ask(options)
    if (!adapter) return null
    Object.defineProperty(adapter, 'info', { value: { vendor: 'proof', architecture: 'gpu', description: 'a GPU' } })
    const open = adapter.requestDevice.bind(adapter)
    adapter.requestDevice = async (wanted) => {
      const device = await open(wanted)
      device.lost.then(() => { isLost = true })
      return device
    }
    return adapter
  }
};`

export const troubleProofs = {
  'a lost GPU: the compiled engine goes on with a new device': () =>
    withoutItsGpu('webgpu', 'goes on with it where it was'),

  'a lost GPU: the automatic choice goes on with the CPU': () =>
    withoutItsGpu('auto', 'so the CPU does', (context) => beforeWorker(context, OWN_GPU_ONCE)),

  'a lost GPU: plain TensorFlow.js goes on with the CPU': () => withoutItsGpu('tfjs-webgpu', 'so the CPU does'),

  'a full disk: the run goes on, can be used and downloaded; earlier runs stay': async () => {
    const { page, problems, site, context } = await open('#/mnist?epochs=2&limit=6000')
    await startTraining(page)
    await trainingEnds(page)
    await fill(context, page, site)
    await startTraining(page)
    await said(page, 'This run can’t be kept')
    const { epochs, runs } = await trainingEnds(page)
    check(epochs === '2/2 done' && runs === 2, `${epochs}, ${runs} runs`)
    await page.getByRole('button', { name: 'Examine the network' }).click()
    await page.locator('.confusion').waitFor()
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download mnist 2' }).click()
    await page.locator('.runs input').setInputFiles(await (await download).path())
    await said(page, 'This run can’t be kept')
    await said(page, 'Opened as run mnist 3.')
    await page.reload()
    await page.locator('.runs tbody tr').first().waitFor()
    const kept = await page.locator('.runs tbody th').allInnerTexts()
    check(kept.join() === 'mnist 1', `after a reload there is ${kept.join() || 'no run'}`)
    await page.getByRole('button', { name: 'Remove mnist 1' }).click()
    await page.locator('.runs', { hasText: 'No run yet' }).waitFor()
    await site.close()
    check(problems.length === 0, problems.join())
    return 'trained, examined, downloaded, opened again; the run before it was kept and could be removed'
  },

  'a full disk: dropped photos are used, and said not to be kept': async () => {
    const folder = process.env.GICHO_ASL_DIR
    if (!folder) return 'not shown: GICHO_ASL_DIR is not set'
    delete process.env.GICHO_ASL_DIR // the site is not to serve them
    try {
      const { page, problems, site, context } = await open('#/asl')
      await page.locator('.data[data-state=missing]').waitFor()
      await fill(context, page, site)
      const files = readdirSync(folder).filter((name) => /\.csv/.test(name))
      await page.locator('.data input').setInputFiles(files.map((name) => join(folder, name)))
      await said(page, 'can’t be kept')
      await page.locator('.data[data-state=held]').waitFor()
      check((await runStep(page, 'load')).includes('(27455, 785)'), 'the photos are not used')
      await page.reload()
      await page.locator('.data[data-state=missing]').waitFor()
      await site.close()
      check(problems.length === 0, problems.join())
      return 'used until the tab was closed'
    } finally {
      process.env.GICHO_ASL_DIR = folder
    }
  },

  'no storage at all: private mode': async () => {
    const refused = "navigator.storage.getDirectory = () => Promise.reject(new DOMException('no', 'SecurityError'));"
    const { page, problems, site } = await open('#/mnist?epochs=1&limit=6000', [], async (context) => {
      await beforeWorker(context, refused)
      const inPage = `${refused} Storage.prototype.getItem = Storage.prototype.setItem = () => { throw new DOMException('no', 'SecurityError') };`
      await context.addInitScript(
        `${inPage} caches.open = () => Promise.reject(new DOMException('no', 'SecurityError'));`,
      )
    })
    await page.locator('.machine', { hasText: 'This browser keeps no files' }).first().waitFor()
    await startTraining(page)
    const { epochs } = await trainingEnds(page)
    await page.getByLabel('Language', { exact: true }).selectOption('ko')
    await page.getByText('내 실행 기록').waitFor()
    await site.close()
    check(epochs === '1/1 done', epochs)
    check(problems.length === 0, problems.join())
    return 'said so, trained, and remembers nothing'
  },

  'no streams in the private file system, as in Safari before 26: runs outlast the tab': async () => {
    const withoutStreams = 'delete FileSystemFileHandle.prototype.createWritable;'
    const results = []
    for (const code of [withoutStreams, `${withoutStreams} delete FileSystemFileHandle.prototype.move;`]) {
      const { page, problems, site } = await open('#/mnist?epochs=1&limit=6000', [], (context) =>
        beforeWorker(context, code),
      )
      await startTraining(page)
      const { valAccuracy } = await trainingEnds(page)
      await page.reload()
      const row = await page.locator('.runs tbody tr').first().innerText()
      await site.close()
      check(row.includes('1/1'), row)
      check(problems.length === 0, problems.join())
      results.push(valAccuracy)
    }
    return `kept over a reload, val_accuracy ${results.join(' and ')}`
  },

  'a camera that is refused gets a sentence': async () => {
    const { page, problems, site } = await open('#/mnist?epochs=1&limit=6000', [
      '--use-fake-device-for-media-stream',
      '--deny-permission-prompts',
    ])
    await startTraining(page)
    await trainingEnds(page)
    await page.goto(`${site.origin}/#/asl-deploy`)
    await page.getByRole('button', { name: 'Use the camera' }).click()
    await said(page, 'The camera can’t be used')
    check(await page.getByRole('button', { name: 'Use the camera' }).isEnabled(), 'no second try')
    await site.close()
    check(problems.length === 0, problems.join())
    return 'said, and a photo works as well'
  },

  'a browser without WebGPU and without shared memory says why it is slow, and trains': async () => {
    const site = await openSite({ headers: false })
    const context = await site.context({ serviceWorkers: 'block' })
    await beforeWorker(
      context,
      "Object.defineProperty(WorkerNavigator.prototype, 'gpu', { value: undefined }); delete self.SharedArrayBuffer;",
    )
    const { page, problems } = await openPage(site, context, '#/mnist?epochs=1&limit=6000')
    const machine = page.locator('.machine', { hasText: 'one CPU thread' }).first()
    await machine.waitFor()
    const reasons = await machine.innerText()
    await startTraining(page)
    const { epochs } = await trainingEnds(page)
    await site.close()
    check(/cross-origin isolated/.test(reasons), reasons)
    check(epochs === '1/1 done', epochs)
    check(problems.length === 0, problems.join())
    return reasons.split('\n')[0]
  },
}

/** Leaves the site no room to write. */
async function fill(context, page, site) {
  const session = await context.newCDPSession(page)
  await session.send('Storage.overrideQuotaForOrigin', { origin: site.origin, quotaSize: 1000 })
}
