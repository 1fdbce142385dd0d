import type { EngineChoice } from './engines.ts'
import type { Phrases } from './phrases.ts'
import { type Screen, writeProse } from './terminal/screen.ts'

/** Says on the screen what an engine does that the user didn't ask for. */
export function tellOn(
  screen: Screen,
  say: Phrases,
): Required<Pick<EngineChoice, 'onFallback' | 'onSoftware' | 'onUnopened' | 'onLost'>> {
  return {
    onFallback: (issues) => writeProse(screen, say.fallback(issues)),
    onSoftware: (device) => writeProse(screen, say.softwareGpu(device)),
    onUnopened: (reason, goesOn) => writeProse(screen, say.unopenedGpu(reason.replace(/^engine \w+: /, ''), goesOn)),
    onLost: ({ code }, goesOn) =>
      writeProse(screen, code === 'out-of-memory' ? say.fullGpu(goesOn) : say.lostGpu(goesOn)),
  }
}
