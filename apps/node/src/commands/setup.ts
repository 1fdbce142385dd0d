import { defineCommand, type SubCommandsDef } from 'citty'
import { INTERRUPTED, watchInterrupt } from '../interrupt.ts'
import type { Io } from '../io.ts'
import { writeLine } from '../terminal/screen.ts'

const args = {
  gpu: { type: 'boolean', description: 'With CUDA, for an NVIDIA GPU on Linux' },
  python: {
    type: 'string',
    valueHint: 'path',
    description: "This Python's TensorFlow, or an environment made with it",
  },
  dir: {
    type: 'string',
    valueHint: 'dir',
    description: 'Where it is kept (default GICHO_TENSORFLOW_DIR, else among your data)',
  },
  again: { type: 'boolean', description: 'Build anew what is there' },
} as const

/** `gicho setup tensorflow`: TensorFlow for `--engine tfjs --backend tensorflow`; the same as `gicho-tensorflow setup`. */
const tensorflow: SubCommandsDef[string] = defineCommand({
  meta: { name: 'tensorflow', description: 'TensorFlow for --engine tfjs --backend tensorflow, built for this Node' },
  args,
  async run({ args: given, data }) {
    const { stdout, stderr }: Io = data
    const { setupLines, setUpTensorflow } = await import('@gicho/tensorflow/setup')
    const interrupt = watchInterrupt(
      () => writeLine(stderr, 'gicho: stopping. Run it again to go on.'),
      async () => undefined,
    )
    try {
      const setup = await setUpTensorflow({
        gpu: given.gpu === true,
        python: given.python,
        folder: given.dir,
        again: given.again === true,
        signal: interrupt.signal,
        onStep: (line) => writeLine(stderr, `- ${line}`),
        onOutput: (text) => stderr.write(text),
      })
      for (const line of setupLines(setup)) writeLine(stdout, line)
    } catch (error) {
      if (interrupt.signal.aborted) return INTERRUPTED
      throw error
    } finally {
      interrupt.dispose()
    }
    return 0
  },
})

/** `gicho setup`: what is too large, or too much of this machine, to come by npm. */
export const setup: SubCommandsDef[string] = defineCommand({
  meta: { name: 'setup', description: 'Set up what npm cannot bring: tensorflow' },
  subCommands: { tensorflow },
})
