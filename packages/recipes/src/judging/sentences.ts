/* What every verdict needs to say. */
import type { Text } from '@gicho/core'

/** One text of several sentences. */
export function join(sentences: readonly Text[]): Text {
  return { en: sentences.map((text) => text.en).join(' '), ko: sentences.map((text) => text.ko).join(' ') }
}

/** One text of several paragraphs, each of several sentences; empty ones are left out. */
export function joinParagraphs(...groups: readonly (readonly Text[])[]): Text {
  const paragraphs = groups.filter((sentences) => sentences.length > 0).map(join)
  return {
    en: paragraphs.map((text) => text.en).join('\n\n'),
    ko: paragraphs.map((text) => text.ko).join('\n\n'),
  }
}

/** A share as "97.9%"; close to all, where a tenth says too little, as "99.97%". */
export function percent(share: number): string {
  return `${(share * 100).toFixed(share > 0.995 && share < 1 ? 2 : 1)}%`
}

/** A difference of shares in hundredths, "18.6". */
export function points(difference: number): string {
  return (Math.abs(difference) * 100).toFixed(1)
}

/** A whole number as "60,000". */
export function count(n: number): string {
  return n.toLocaleString('en-US')
}

export const nothingFinished: Text = {
  en: 'No epoch was finished, so there is nothing to judge yet.',
  ko: '끝까지 마친 에포크가 없어서 아직 판단할 것이 없습니다.',
}

export const notANumber: Text = {
  en:
    'The loss stopped being a number (NaN or infinite): the weights have run away and nothing more can be learned from here. ' +
    'Train again from the start, with a smaller learning rate if it was raised.',
  ko:
    '손실이 더 이상 수가 아니게 되었습니다(NaN 또는 무한대). 가중치가 걷잡을 수 없이 커져서 여기서는 더 배울 수 없습니다. ' +
    '처음부터 다시 학습하고, 학습률을 올렸다면 낮춰 보세요.',
}

export const notValidated: Text = {
  en: 'The run was not validated, so nobody knows how it does on pictures it has not practised with.',
  ko: '검증을 하지 않아서, 연습하지 않은 그림을 얼마나 잘 읽는지 알 수 없습니다.',
}
