import type { UserConfig } from 'tsdown'
import { packageConfig } from '../../tsdown.base.ts'

const config: UserConfig = packageConfig(['src/main.ts'], { platform: 'node', dts: false })

export default config
