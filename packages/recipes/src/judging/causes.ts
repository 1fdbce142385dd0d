/* Why a run may have gone wrong: from what is known of it, the most likely cause first. */
import { type OptimizerConfig, optimizers, type Text } from '@gicho/core'
import type { Background } from './background.ts'
import { count, percent } from './sentences.ts'
import type { TroubleKind } from './trouble.ts'

/** A rate so many times the optimizer's usual one is likely to be the cause. */
const HIGH = 3

/** The same for one that is too low. */
const LOW = 1 / 20

/** Fewer corrections than these bring none of the lessons' networks anywhere on pictures that are new to it. */
const FEW_STEPS = 300

/** So many pictures a class are the least from which a network can tell what they have in common. */
const FEW_PICTURES = 50

/** Keras' momentum of BatchNormalization: the share of a running average that stays in a step. */
const MOMENTUM = 0.99

/** The share of its beginning from which a running average counts as young. */
const YOUNG = 0.01

/** What is likely to be behind a trouble; at least one sentence. */
export function likelyCauses(kind: TroubleKind, run: Background): Text[] {
  const rate = unusualRate(run.optimizer)
  const { steps, train, classes, trainedClasses } = run
  const newOnly = kind === 'guessing-new' || kind === 'collapsed' || kind === 'validation-loss-exploded'
  const found: Text[] = [...rate]
  if (newOnly) found.push(...youngAverages(run))
  if (trainedClasses < classes) found.push(missingClasses(trainedClasses, classes))
  if (train < FEW_PICTURES * classes) found.push(fewPictures(train, classes))
  else if (steps < FEW_STEPS && rate.length === 0) found.push(fewSteps(steps))
  if (found.length > 0) return found
  return [newOnly ? otherwiseNew : otherwise]
}

/** New pictures lie so far behind where running averages, and not overfitting, are likely to be the reason. */
const FAR_BEHIND = 0.15

/** Says why new pictures lie far behind practised ones after a few steps; nothing where they don't, or after more steps. */
export function whyNewLieBehind(gap: number, run: Background): Text[] {
  return gap > FAR_BEHIND ? youngAverages(run) : []
}

/** A remark on a learning rate that is far from the usual one; nothing where it is near. */
export function unusualRate(optimizer: OptimizerConfig | undefined): Text[] {
  if (optimizer === undefined) return []
  const { name, learningRate: rate } = optimizer
  const usual = optimizers[name]().learningRate
  if (rate > HIGH * usual) {
    return [
      {
        en: `The learning rate is the likely cause: it was ${rate}, where ${usual} is usual for ${name}, so each correction goes far beyond its mark. Train again with a smaller one.`,
        ko: `학습률이 원인일 가능성이 큽니다. ${name}에서는 보통 ${usual} 정도를 쓰는데 이번 학습률은 ${rate}입니다. 그러면 고칠 때마다 알맞은 곳을 훌쩍 지나칩니다. 더 작은 값으로 다시 학습해 보세요.`,
      },
    ]
  }
  if (rate < LOW * usual) {
    return [
      {
        en: `The learning rate is the likely cause: it was ${rate}, where ${usual} is usual for ${name}, so the weights hardly move. Train again with a larger one.`,
        ko: `학습률이 원인일 가능성이 큽니다. ${name}에서는 보통 ${usual} 정도를 쓰는데 이번 학습률은 ${rate}입니다. 그러면 가중치가 거의 움직이지 않습니다. 더 큰 값으로 다시 학습해 보세요.`,
      },
    ]
  }
  return []
}

function youngAverages({ batchNorm, steps }: Background): Text[] {
  const left = MOMENTUM ** steps
  if (!batchNorm || left < YOUNG) return []
  return [
    {
      en: `New pictures are read by the running averages of BatchNormalization, and these are still young: after ${count(steps)} ${steps === 1 ? 'step' : 'steps'}, ${percent(left)} of each is the number that it began with. They need some 500 steps to be of use, so train longer.`,
      ko: `새 그림을 읽을 때는 BatchNormalization이 쌓아 온 평균을 쓰는데, 아직 덜 쌓였습니다. ${count(steps)}걸음을 마친 지금은 평균마다 처음 값이 ${percent(left)}나 남아 있습니다. 쓸 만해지려면 500걸음쯤 걸리니 더 오래 학습해 보세요.`,
    },
  ]
}

function missingClasses(present: number, classes: number): Text {
  return {
    en: `Only ${present} of the ${classes} classes are among its training pictures, and the others can't be learned from nothing.`,
    ko: `학습 그림에는 클래스 ${classes}개 가운데 ${present}개만 들어 있습니다. 본 적 없는 클래스는 배울 수 없습니다.`,
  }
}

function fewPictures(train: number, classes: number): Text {
  return {
    en: `It learned from ${count(train)} ${train === 1 ? 'picture' : 'pictures'} for ${classes} ${classes === 1 ? 'class' : 'classes'}, which is too little to find out what those of a class have in common. Take more of them.`,
    ko: `클래스 ${classes}개를 배우는 데 쓴 그림이 ${count(train)}장이라, 같은 클래스의 그림이 무엇을 함께 지녔는지 알아내기에는 너무 적습니다. 그림을 더 많이 써 보세요.`,
  }
}

function fewSteps(steps: number): Text {
  return {
    en: `Its weights have been corrected ${count(steps)} ${steps === 1 ? 'time' : 'times'} so far, which is too little to get anywhere. Train longer.`,
    ko: `지금까지 가중치를 고친 횟수가 ${count(steps)}번이라 제대로 배우기에는 너무 적습니다. 더 오래 학습해 보세요.`,
  }
}

const otherwise: Text = {
  en: 'What is behind it is most often a learning rate that is too high, then labels that do not belong to their pictures, then an unlucky start. Try a smaller rate, then another seed.',
  ko: '이럴 때는 학습률이 너무 높은 경우가 가장 많고, 라벨이 그림과 맞지 않거나 출발점이 나빴던 경우도 있습니다. 학습률을 낮춰 보고, 다른 시드로도 해 보세요.',
}

const otherwiseNew: Text = {
  en: 'What is behind it is most often a learning rate that is too high, or validation pictures of another kind than those for training: another brightness, another size, another order of the classes. Try a smaller rate, and look at pictures of both parts.',
  ko: '이럴 때는 학습률이 너무 높거나, 검증 그림이 학습 그림과 종류가 다른 경우가 많습니다. 밝기나 크기, 클래스의 순서가 다를 수 있습니다. 학습률을 낮춰 보고, 두 쪽의 그림을 직접 견주어 보세요.',
}
