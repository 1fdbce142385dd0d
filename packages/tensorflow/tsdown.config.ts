import type { UserConfig } from 'tsdown'
import { packageConfig } from '../../tsdown.base.ts'

const config: UserConfig = packageConfig([
  'src/index.node.ts',
  'src/setup.node.ts',
  'src/main.node.ts',
  'src/training-step.node.ts',
])

export default config
