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
    console.error(`bench: ${error instanceof Error ? error.message : error}\n\n${USAGE}`)
    process.exitCode = 2
    return undefined
  }
}

if (process.argv.includes('--help')) console.log(USAGE)
else {
  const options = understood()
  if (options) await (options.target === 'cpu' ? benchCpu(options) : benchGpu(options))
}
