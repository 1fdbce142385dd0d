// Measures gicho beside its peers: npm run bench -- cpu, or gpu. bench/README.md says how.
import { fileURLToPath } from 'node:url'
import { benchCpu } from './cpu.ts'
import { benchGpu } from './gpu.ts'
import { type BenchOptions, readOptions, USAGE } from './options.ts'

const results = fileURLToPath(new URL('results', import.meta.url))

function understood(): BenchOptions | undefined {
  try {
    return readOptions(process.argv.slice(2), results)
  } catch (error) {
    console.error(`bench: ${messageOf(error)}\n\n${USAGE}`)
    process.exitCode = 2
    return undefined
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

if (process.argv.includes('--help')) console.log(USAGE)
else {
  const options = understood()
  if (options?.target === 'cpu') await benchCpu(options)
  else if (options) {
    try {
      await benchGpu(options)
    } catch (error) {
      console.error(`bench: ${messageOf(error)}`)
      process.exitCode = 1
    }
  }
}
