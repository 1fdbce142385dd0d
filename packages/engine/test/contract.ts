import {
  adam,
  DRAW_NUMBERS,
  type Engine,
  GichoError,
  type ModelSpec,
  rmsprop,
  type Session,
  sgd,
  type TrainingJob,
} from '@gicho/core'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { jobFor, noise, rows, smallSpec } from './samples.ts'

/** What every engine promises. Run it with `describeEngine('tfjs on cpu', () => tfjsEngine({ backend: 'cpu' }))`. */
export function describeEngine(name: string, makeEngine: () => Engine): void {
  describe(name, () => {
    const train = noise(40)
    const validation = { ...noise(23, { seed: 2 }), split: 'test' as const }
    let spec: ModelSpec
    let sessions: Session[] = []

    async function open(changes: Partial<TrainingJob> = {}, data = train): Promise<Session> {
      const session = await makeEngine().open(jobFor(spec, changes), { train: data, validation })
      sessions.push(session)
      return session
    }

    beforeAll(async () => {
      spec = await smallSpec()
    })

    afterEach(async () => {
      await Promise.all(sessions.map((session) => session.dispose()))
      sessions = []
    })

    test('can run the lessons’ kind of model, and says which device does it', async () => {
      expect(makeEngine().supports(jobFor(spec))).toEqual([])
      const { device } = await open()
      expect(device.name).not.toBe('')
      expect(device.threads).toBeGreaterThanOrEqual(1)
    })

    test('names a loss that it cannot compute and refuses to open', async () => {
      const job = { ...jobFor(spec), loss: 'hinge' as 'categoricalCrossentropy' }
      expect(makeEngine().supports(job)).toMatchObject([{ where: 'loss' }])
      await expect(makeEngine().open(job, { train })).rejects.toMatchObject({ code: 'unsupported' })
    })

    test('the loss falls over twenty passes, in samples and steps that add up', async () => {
      const session = await open()
      const first = await session.train({ order: rows(40), firstStep: 0, learningRate: 1e-2 })
      expect(first).toMatchObject({ steps: 3, samples: 40 })
      let last = first
      for (let pass = 1; pass < 20; pass++) {
        last = await session.train({ order: rows(40), firstStep: pass * 3, learningRate: 1e-2 })
      }
      expect(last.loss).toBeLessThan(first.loss * 0.75)
      expect(last.correct).toBeGreaterThan(first.correct)
    })

    test('a short last batch has the gradient of its own rows', async () => {
      const changes = { optimizer: sgd(), batchSize: 16 }
      const [short, whole] = [await open(changes), await open({ ...changes, batchSize: 8 })]
      // 8 rows are one short batch for the one and one whole batch for the other.
      const request = { order: rows(8), firstStep: 0, learningRate: 0.1 }
      expect(await short.train(request)).toEqual(await whole.train(request))
      expect(await short.readWeights()).toEqual(await whole.readWeights())
    })

    test('a draw moves the image that is trained on: shifted by whole pixels it is the shifted image', async () => {
      const augment = {
        fillMode: 'constant',
        cval: 0,
        brightnessMode: 'smooth',
        shiftsChannels: false,
        changesBrightness: false,
      } as const
      // Output row r is read at row r - 2, column c at c + 1, and then mirrored.
      const draws = new Float64Array(40 * DRAW_NUMBERS)
      for (let i = 0; i < 40; i++) draws.set([1, 0, -2, 0, 1, 1, 1, Number.NaN, Number.NaN], i * DRAW_NUMBERS)
      const shifted = new Uint8Array(train.images.length)
      for (let n = 0; n < 40; n++)
        for (let r = 2; r < 8; r++)
          for (let c = 0; c < 7; c++) shifted[n * 64 + r * 8 + 7 - c] = train.images[n * 64 + (r - 2) * 8 + c + 1] ?? 0
      const request = { order: rows(40), firstStep: 0, learningRate: 1e-2 }
      const drawn = await open({ augment, optimizer: sgd() })
      const plain = await open({ optimizer: sgd() }, { ...train, images: shifted })
      expect(await drawn.train({ ...request, draws })).toEqual(await plain.train(request))
      expect(await drawn.readWeights()).toEqual(await plain.readWeights())
      await expect(drawn.train(request)).rejects.toMatchObject({ code: 'bad-argument' })
    })

    test('a batch larger than the dataset is the dataset', async () => {
      const session = await open({ batchSize: 1000 })
      expect(await session.train({ order: rows(40), firstStep: 0, learningRate: 1e-3 })).toMatchObject({
        steps: 1,
        samples: 40,
      })
    })

    test('evaluates each split as a whole, and predicts rows of probabilities', async () => {
      const session = await open()
      expect(await session.evaluate('train')).toMatchObject({ samples: 40 })
      const sums = await session.evaluate('test')
      const outputs = await session.predict(validation.images)
      expect(outputs).toHaveLength(230)
      let loss = 0
      let correct = 0
      validation.labels.forEach((label, row) => {
        const probabilities = outputs.subarray(row * 10, row * 10 + 10)
        expect(probabilities.reduce((total, p) => total + p)).toBeCloseTo(1, 5)
        loss -= Math.log(probabilities[label] ?? 0)
        if (Math.max(...probabilities) === probabilities[label]) correct++
      })
      expect(sums).toMatchObject({ samples: 23, correct })
      // Both are float32; the logarithms of probabilities round twice.
      expect(sums.loss).toBeCloseTo(loss, 3)
      expect(await session.predict(new Uint8Array(0))).toHaveLength(0)
    })

    test('evaluating and predicting change nothing', async () => {
      const session = await open()
      const before = [await session.readWeights(), await session.evaluate('test')]
      await session.predict(train.images)
      expect([await session.readWeights(), await session.evaluate('test')]).toEqual(before)
    })

    test('one seed gives the same bits, another seed other dropout masks', async () => {
      const run = async (seed: number): Promise<unknown> => {
        const session = await open({ seed })
        const sums = await session.train({ order: rows(40), firstStep: 0, learningRate: 1e-3 })
        return [sums, await session.readWeights()]
      }
      const first = await run(3)
      expect(await run(3)).toEqual(first)
      expect(await run(4)).not.toEqual(first)
    })

    test('weights and optimizer written into a new session go on as if nothing had happened', async () => {
      for (const optimizer of [rmsprop(), sgd({ momentum: 0.9 }), adam()]) {
        const [one, other] = [await open({ optimizer }), await open({ optimizer })]
        const part = { order: rows(32), firstStep: 0, learningRate: 1e-3 }
        await one.train(part)
        await other.writeWeights(await one.readWeights())
        await other.writeOptimizer(await one.readOptimizer())
        const rest = { ...part, firstStep: 2 }
        expect(await other.train(rest)).toEqual(await one.train(rest))
        expect(await other.readWeights()).toEqual(await one.readWeights())
      }
    })

    test('the optimizer starts at zero, named by slot and weight', async () => {
      const session = await open()
      const state = await session.readOptimizer()
      expect(state.map((slot) => slot.name)).toEqual([
        'rms/hidden/kernel',
        'rms/hidden/bias',
        'rms/classes/kernel',
        'rms/classes/bias',
      ])
      expect(state.every(({ values }) => values.every((value) => value === 0))).toBe(true)
    })

    test('refuses weights and slots of another model, by name', async () => {
      const session = await open()
      const weights = await session.readWeights()
      await expect(session.writeWeights(weights.slice(1))).rejects.toThrow('"hidden/kernel" is missing')
      const renamed = weights.map((weight) => ({ ...weight, name: `x${weight.name}` }))
      await expect(session.writeWeights(renamed)).rejects.toMatchObject({ code: 'bad-shape' })
      const flat = weights.map((weight) => ({ ...weight, shape: [weight.values.length] }))
      await expect(session.writeWeights(flat)).rejects.toThrow('expected hidden/kernel of shape (64, 16), got (1024,)')
      await expect(session.writeOptimizer([])).rejects.toMatchObject({ code: 'bad-shape' })
    })

    test('sample weights scale the loss; a weight of zero leaves a sample out', async () => {
      const optimizer = sgd()
      const doubled = await open({ optimizer })
      const plain = await open({ optimizer })
      const request = { order: rows(16), firstStep: 0, learningRate: 0.01 }
      const heavy = await doubled.train({ ...request, sampleWeights: new Float32Array(16).fill(2) })
      const light = await plain.train({ ...request, learningRate: 0.02 })
      expect(heavy.loss).toBeCloseTo(light.loss * 2, 3)
      expect(heavy.correct).toBe(light.correct)
      // Twice the gradient at half the rate: the same step, to float32's rounding.
      const [a, b] = [await doubled.readWeights(), await plain.readWeights()]
      a.forEach(({ values }, i) => {
        values.forEach((value, k) => {
          expect(value).toBeCloseTo(b[i]?.values[k] ?? Number.NaN, 6)
        })
      })
      expect(await doubled.train({ ...request, sampleWeights: new Float32Array(16) })).toMatchObject({ loss: 0 })
    })

    test('a rate of zero for one step leaves the weights as they are', async () => {
      const session = await open({ optimizer: sgd() })
      const before = await session.readWeights()
      await session.train({ order: rows(40), firstStep: 0, learningRate: Float32Array.of(0, 0, 0) })
      expect(await session.readWeights()).toEqual(before)
    })

    test.each([
      ['clipNorm', { clipNorm: 1e3 }, { clipNorm: 0.01 }],
      ['globalClipNorm', { globalClipNorm: 1e3 }, { globalClipNorm: 0.01 }],
      ['clipValue', { clipValue: 1e3 }, { clipValue: 0.001 }],
    ])('a call may have another limit for %s, and the next one has the job’s again', async (_, wide, narrow) => {
      const [limit = 0] = Object.values(narrow)
      const [one, other] = [await open({ optimizer: sgd(wide) }), await open({ optimizer: sgd(narrow) })]
      const plain = await open({ optimizer: sgd() })
      const request = { order: rows(40), firstStep: 0, learningRate: 0.1 }
      await Promise.all([one.train({ ...request, clip: limit }), other.train(request), plain.train(request)])
      expect(await one.readWeights()).toEqual(await other.readWeights())
      expect(await one.readWeights()).not.toEqual(await plain.readWeights())
      const next = { ...request, firstStep: 3 }
      await Promise.all([one.train(next), other.train({ ...next, clip: 1e3 })])
      expect(await one.readWeights()).toEqual(await other.readWeights())
    })

    test('a limit without a clip, or out of range, is refused before the first step', async () => {
      const [plain, clipped] = [await open(), await open({ optimizer: sgd({ clipNorm: 1 }) })]
      const before = await clipped.readWeights()
      const request = { order: rows(40), firstStep: 0, learningRate: 0.1 }
      await expect(plain.train({ ...request, clip: 1 })).rejects.toThrow(
        "clip: the job's optimizer has none, got 1. Open the session with clipNorm, globalClipNorm or clipValue.",
      )
      for (const clip of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
        await expect(clipped.train({ ...request, clip })).rejects.toThrow(
          `expected a finite number above 0, got ${clip}`,
        )
      expect(await clipped.readWeights()).toEqual(before)
    })

    test('a stored optimizer begins anew: gradients that waited for their update are dropped', async () => {
      const session = await open({ optimizer: sgd({ accumulationSteps: 2 }) })
      const step = { order: rows(16), firstStep: 0, learningRate: 0.1 }
      const start = await session.readWeights()
      await session.train(step)
      await session.writeOptimizer(await session.readOptimizer())
      await session.train(step)
      expect(await session.readWeights()).toEqual(start)
      await session.train(step)
      const twice = await session.readWeights()
      const fresh = await open({ optimizer: sgd({ accumulationSteps: 2 }) })
      await fresh.train(step)
      await fresh.train(step)
      expect(twice).toEqual(await fresh.readWeights())
    })

    test('a signal stops between two steps, and the steps done count', async () => {
      const session = await open()
      const control = new AbortController()
      const order = Uint32Array.from({ length: 40_000 }, (_, i) => i % 40)
      const seen: number[] = []
      const onProgress = ({ steps }: { steps: number }): void => {
        seen.push(steps)
        if (seen.length === 2) control.abort()
      }
      const { signal } = control
      const done = await session.train({ order, firstStep: 0, learningRate: 1e-3, onProgress, signal })
      expect(done.steps).toBe(seen.at(-1))
      expect(done.steps).toBeLessThan(2500)
      expect(done.samples).toBe(done.steps * 16)
      expect((await session.train({ order, firstStep: 0, learningRate: 1e-3, signal })).steps).toBe(0)
      await expect(session.evaluate('test', { signal })).rejects.toMatchObject({ code: 'aborted' })
    })

    test('timers run while it trains', async () => {
      const session = await open()
      const control = new AbortController()
      setTimeout(() => control.abort(), 20)
      const order = Uint32Array.from({ length: 400_000 }, (_, i) => i % 40)
      const done = await session.train({ order, firstStep: 0, learningRate: 1e-3, signal: control.signal })
      expect(done.steps).toBeLessThan(25_000)
    })

    test('a label outside the classes is refused when the session is opened', async () => {
      const bad = { ...train, labels: train.labels.with(7, 10), classNames: [...train.classNames, 'ten'] }
      await expect(open({}, bad)).rejects.toThrow('label 10 of image 7 is outside the model')
    })

    test('images of another size are refused when the session is opened', async () => {
      await expect(open({}, noise(4, { side: 9 }))).rejects.toMatchObject({ code: 'bad-shape' })
    })

    test('an input that is no number gives a loss that is none', async () => {
      const input = { shape: [64], scale: Number.NaN, offset: 0 }
      const session = await open({ input })
      expect((await session.evaluate('train')).loss).toBeNaN()
      expect((await session.train({ order: rows(40), firstStep: 0, learningRate: 1e-3 })).loss).toBeNaN()
    })

    test('a request that does not fit the data is refused before its first step', async () => {
      const session = await open()
      const request = { order: rows(40), firstStep: 0, learningRate: 1e-3 }
      const before = await session.readWeights()
      await expect(session.train({ ...request, order: rows(41) })).rejects.toThrow('expected rows 0..39, got 40')
      await expect(session.train({ ...request, firstStep: -1 })).rejects.toThrow('firstStep')
      await expect(session.train({ ...request, learningRate: Number.NaN })).rejects.toThrow('finite')
      await expect(session.train({ ...request, learningRate: Float32Array.of(1) })).rejects.toThrow('each of 3 steps')
      await expect(session.train({ ...request, sampleWeights: new Float32Array(3) })).rejects.toThrow('40 rows, got 3')
      await expect(session.predict(new Uint8Array(65))).rejects.toThrow('whole images of 64 bytes, got 65')
      expect(await session.readWeights()).toEqual(before)
    })

    test('images and labels that are no bytes are refused by name when the session is opened', async () => {
      const floats = Float32Array.from(train.images) as unknown as Uint8Array
      const labels = Float32Array.from(train.labels, (label) => label / 2) as unknown as Uint8Array
      const plain = [...train.images] as unknown as Uint8Array
      const wide = Uint32Array.from(train.labels) as unknown as Uint16Array
      const expected = { code: 'bad-data' }
      for (const images of [floats, plain]) {
        await expect(open({}, { ...train, images })).rejects.toMatchObject(expected)
        await expect(open({}, { ...train, images })).rejects.toThrow(
          /dataset \(train\): images: expected bytes 0\.\.255 in a Uint8Array, got a (Float32Array|plain array)\. /,
        )
      }
      for (const wrong of [labels, wide])
        await expect(open({}, { ...train, labels: wrong })).rejects.toThrow(
          /labels: expected whole numbers in a Uint8Array or Uint16Array/,
        )
      const opening = makeEngine().open(jobFor(spec), { train, validation: { ...validation, images: floats } })
      await expect(opening).rejects.toThrow('dataset (test): images: expected bytes')
      await expect(open({}, { ...train, shape: [-8, -8, 1] })).rejects.toThrow('got the shape [-8, -8, 1]')
      await expect(open({}, { ...train, length: 39.5 })).rejects.toThrow('got a length that is the number 39.5')
    })

    test('predict refuses floats by name, and its session goes on', async () => {
      const session = await open()
      const before = await session.predict(train.images)
      const wrong = [
        Float32Array.from(train.images),
        new Float32Array(64),
        [...train.images],
        new DataView(new ArrayBuffer(64)),
      ]
      for (const images of wrong) {
        await expect(session.predict(images as unknown as Uint8Array)).rejects.toThrow(
          /predict: expected bytes 0\.\.255 in a Uint8Array, got an? .*\. [A-Z].*\./,
        )
      }
      expect(await session.predict(train.images)).toEqual(before)
    })

    test('arrays of a request that are of another kind are refused by name, and nothing is trained', async () => {
      const session = await open()
      const request = { order: rows(40), firstStep: 0, learningRate: 1e-3 }
      const before = await session.readWeights()
      const refused: readonly [string, Record<string, unknown>][] = [
        ['order: expected a Uint32Array, got a plain array', { order: [...rows(40)] }],
        ['order: expected a Uint32Array, got an Int32Array', { order: Int32Array.of(-1, 0) }],
        ['order: expected a Uint32Array, got nothing', { order: undefined }],
        ['sampleWeights: expected a Float32Array, got a Float64Array', { sampleWeights: new Float64Array(40) }],
        [
          'sampleWeights: expected finite numbers, got NaN at 2',
          { sampleWeights: Float32Array.from(rows(40), (i) => (i === 2 ? Number.NaN : 1)) },
        ],
        [
          'learningRate: expected a number, or a Float32Array with one for each step, got a plain array',
          { learningRate: [1, 1, 1] },
        ],
        [
          'learningRate: expected a number, or a Float32Array with one for each step, got the string 1',
          { learningRate: '1' },
        ],
      ]
      for (const [message, changes] of refused)
        await expect(session.train({ ...request, ...changes } as typeof request)).rejects.toThrow(message)
      expect(await session.readWeights()).toEqual(before)
    })

    test('weights of another name, shape, number or kind are refused, and the model keeps its own', async () => {
      const session = await open()
      const before = await session.readWeights()
      const [first, ...others] = before
      if (!first) throw new Error('no weight')
      const { name, values } = first
      const given: readonly [string, typeof before][] = [
        [`"${name}" is missing`, others],
        ['"hidden/other" is one too many', [...before, { ...first, name: 'hidden/other' }]],
        ['expected hidden/kernel of shape (64, 16), got (16, 64)', [{ ...first, shape: [16, 64] }, ...others]],
        ['with 1023 values', [{ ...first, values: values.subarray(1) }, ...others]],
        ['with 1025 values', [{ ...first, values: new Float32Array(1025) }, ...others]],
        [
          'in a Float32Array, got a plain array',
          [{ ...first, values: [...values] as unknown as Float32Array }, ...others],
        ],
        ['is one too many', [first, ...before]],
      ]
      for (const [message, weights] of given) await expect(session.writeWeights(weights)).rejects.toThrow(message)
      expect(await session.readWeights()).toEqual(before)
    })

    test('opens without any image, for predicting alone', async () => {
      const session = await open({}, { ...noise(0) })
      expect(await session.predict(train.images)).toHaveLength(400)
    })

    test('one call at a time', async () => {
      const session = await open()
      const running = session.evaluate('train')
      await expect(session.readWeights()).rejects.toThrow('readWeights was called while another call runs')
      await running
    })

    test('dispose may be called twice, stops what runs, and ends every use', async () => {
      const session = await open()
      const order = Uint32Array.from({ length: 400_000 }, (_, i) => i % 40)
      const running = session.train({ order, firstStep: 0, learningRate: 1e-3 })
      const stopped = expect(running).rejects.toMatchObject({ code: 'disposed' })
      await Promise.all([session.dispose(), session.dispose()])
      await stopped
      await expect(session.predict(train.images)).rejects.toThrow(GichoError)
      await expect(session.readWeights()).rejects.toMatchObject({ code: 'disposed' })
    })

    test('evaluate says so when there is no validation data', async () => {
      const session = await makeEngine().open(jobFor(spec), { train })
      sessions.push(session)
      await expect(session.evaluate('test')).rejects.toMatchObject({ code: 'bad-argument' })
    })

    test('a bad batch size or seed is refused', async () => {
      await expect(open({ batchSize: 0 })).rejects.toThrow('batchSize')
      await expect(open({ seed: -1 })).rejects.toThrow('seed')
    })
  })
}
