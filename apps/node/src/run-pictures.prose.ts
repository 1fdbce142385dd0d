/* The words on a run's pictures, in both languages. */
import type { ConfusionWords, CurvesWords } from '@gicho/plots'
import type { Language } from './language.ts'

/** What stands on the pictures, and what is said when one can't be drawn. */
export interface PicturesProse {
  readonly curves: Partial<CurvesWords>
  readonly confusion: Partial<ConfusionWords>
  readonly mistakes: { readonly title: string; readonly note: string; readonly none: string }
  readonly notDrawn: (reason: string) => string
}

const en: PicturesProse = {
  curves: {}, // English is what they speak
  confusion: {},
  mistakes: {
    title: 'the surest mistakes',
    note: 'actual → predicted, and how sure the network was',
    none: 'No mistakes.',
  },
  notDrawn: (reason) => `A picture of this run couldn't be drawn: ${reason}`,
}

const ko: PicturesProse = {
  curves: {
    epoch: '에포크',
    loss: '손실',
    accuracy: '정확도',
    train: '학습',
    validation: '검증',
    referenceTrain: '원래 수업의 학습',
    referenceValidation: '원래 수업의 검증',
    band: '바라는 검증 정확도',
  },
  confusion: {
    actual: '정답',
    predicted: '예측',
    right: (right, total) =>
      `${((100 * right) / total).toFixed(2)}% 맞음(${total.toLocaleString('en-US')}장 중 ${right.toLocaleString('en-US')}장)`,
    note: '파랑은 맞은 것, 주황은 틀린 것입니다. 행에서 차지하는 몫이 클수록 진합니다',
  },
  mistakes: {
    title: '가장 자신 있게 틀린 그림',
    note: '정답 → 예측, 그리고 신경망이 확신한 정도',
    none: '틀린 그림이 없습니다.',
  },
  notDrawn: (reason) => `이 실행의 그림을 그리지 못했습니다: ${reason}`,
}

/** The words of a language. */
export const picturesProse: Readonly<Record<Language, PicturesProse>> = { en, ko }
