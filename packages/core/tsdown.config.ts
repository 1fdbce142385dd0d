import type { UserConfig } from 'tsdown'
import { packageConfig } from '../../tsdown.base.ts'

const config: UserConfig = packageConfig(['src/index.ts', 'src/index.node.ts'])

export default config
