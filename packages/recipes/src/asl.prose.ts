/*
 * What the steps of `asl.ts` tell the learner, in both languages: the same thoughts, each in its own words.
 */
import type { Text } from '@gicho/core'
import { count } from './judging/sentences.ts'
import { paragraphs, type StepText, withNumbers } from './prose.ts'
import { chosenSteps, inEnglish, type LessonNumbers } from './steps/lesson-numbers.ts'

const course = { train: 27_455, test: 7_172, classes: 24, epochs: 20 }

/** Parameters of lesson 1's network. */
const LESSON_1 = 669_706

export const load: StepText = {
  title: { en: 'A table of pictures', ko: '그림으로 된 표' },
  prose: {
    en: paragraphs(
      [
        'This time the pictures come as a table, in a CSV file: a row for each photo of a hand, 785 numbers in a row.',
        'The first is the label, the letter that the hand signs. The other 784 are grey values, the 28 lines of a picture laid end to end:',
        'what lesson 1 had to flatten comes flat.',
      ],
      [
        'Here are the first rows, and the shapes of both tables. The tables come apart already:',
        'one to learn from, one that is only ever used to check.',
      ],
    ),
    ko: paragraphs(
      [
        '이번 그림은 CSV 파일에 담긴 표로 옵니다. 손 사진 한 장이 한 줄이고, 한 줄에 숫자가 785개 있습니다.',
        '맨 앞의 수는 라벨, 곧 그 손이 나타내는 글자입니다. 나머지 784개는 밝기 값으로, 그림의 28줄을 이어 붙인 것입니다.',
        '수업 1에서 직접 펴야 했던 그림이 여기서는 처음부터 펴져 있습니다.',
      ],
      [
        '아래는 표의 첫 몇 줄과 두 표의 모양입니다. 표는 이미 둘로 나뉘어 있어서',
        '하나로는 배우고, 다른 하나는 확인하는 데만 씁니다.',
      ],
    ),
  },
}

export const labels: StepText = {
  title: { en: 'Take the answers out', ko: '정답을 떼어 내기' },
  prose: {
    en: paragraphs(
      [
        'As long as the label stands beside the pixels it is one of the inputs, and a network that may read the answer has no reason to look at the picture.',
        'So the label column is taken out of both tables and becomes y; the 784 columns that remain are x.',
      ],
      [
        'There are 24 letters, a to y without j. Both j and z are signed by moving the hand, and a still picture shows no movement.',
        'The labels count these letters without a gap: i is 8 and k is 9. The files on Kaggle count the places in the alphabet instead, up to 24,',
        'which would not fit into 24 classes that begin at 0; the loader has closed that gap.',
      ],
    ),
    ko: paragraphs(
      [
        '라벨이 픽셀 옆에 붙어 있는 한 라벨도 입력의 하나가 됩니다. 답을 읽어도 되는 신경망이라면 그림을 볼 까닭이 없겠지요.',
        '그래서 두 표에서 라벨 열을 떼어 내 y로 삼고, 남은 784개 열을 x로 씁니다.',
      ],
      [
        '글자는 j가 빠진 a부터 y까지 24개입니다. j와 z는 손을 움직여서 나타내는데, 멈춘 사진에는 움직임이 담기지 않기 때문입니다.',
        '라벨은 이 글자들을 빈자리 없이 셉니다. i가 8이고 k가 9입니다. Kaggle의 파일은 알파벳에서의 자리를 그대로 세어 24까지 가는데,',
        '그러면 0에서 시작하는 클래스 24개에 들어가지 않습니다. 데이터를 읽을 때 그 빈자리를 미리 메워 두었습니다.',
      ],
    ),
  },
}

export const pictures: StepText = {
  title: { en: 'Look before you train', ko: '학습하기 전에 들여다보기' },
  prose: {
    en: paragraphs(
      [
        'Give each row its grid of 28 x 28 back, and there are the hands. Each picture carries its label, and the letter that it means.',
      ],
      [
        'Compare them with the digits of lesson 1. There the ground was black and everything else was ink.',
        'Here are light and shadow, wrists and backgrounds, and fists that differ only in where the thumb lies:',
        'a lot to see that has nothing to do with the letter, and that can be remembered all the same.',
      ],
    ),
    ko: paragraphs(
      ['각 줄을 다시 28 x 28 격자로 만들면 손이 보입니다. 그림마다 라벨과 그 라벨이 뜻하는 글자를 함께 적었습니다.'],
      [
        '수업 1의 숫자와 견주어 보세요. 거기서는 바탕이 검고 나머지는 모두 글씨였습니다.',
        '여기에는 빛과 그늘, 손목과 배경이 있고, 엄지의 위치만 다른 주먹도 있습니다.',
        '글자와는 아무 상관이 없는데도 기억해 둘 수는 있는 것들이 잔뜩 보입니다.',
      ],
    ),
  },
}

export const scale: StepText = {
  title: { en: 'From 0..255 to 0..1', ko: '0~255를 0~1로' },
  prose: {
    en: paragraphs(
      ['As in lesson 1, every pixel is divided by 255: small numbers make for steady corrections.'],
      [
        'The quotients are float32, numbers of four bytes. That is as exact as training has any use for, and half the memory of the float64',
        'that Keras prints at this point, before it, too, goes on in float32.',
      ],
    ),
    ko: paragraphs(
      ['수업 1에서처럼 모든 픽셀을 255로 나눕니다. 수가 작아야 가중치를 고르게 고쳐 나갈 수 있습니다.'],
      [
        '나눈 값은 4바이트짜리 float32입니다. 학습에는 이만큼이면 넉넉하고, Keras가 이 자리에서 출력하는 float64보다 메모리도 절반만 듭니다.',
        'Keras 역시 학습할 때는 float32로 넘어갑니다.',
      ],
    ),
  },
}

export const oneHot: StepText = {
  title: { en: 'Labels as 24 places', ko: '라벨을 스물네 칸으로' },
  prose: {
    en: paragraphs([
      'A label is a name here as well: k is not more than i, and no nearer to it than to y. So each becomes a row of 24 places with a single 1.',
      'Why 24 and not 26? A place for j or z would never hold a 1. The network could learn nothing about it, except never to choose it.',
    ]),
    ko: paragraphs([
      '여기서도 라벨은 이름일 뿐입니다. k가 i보다 크지도, y보다 i에 더 가깝지도 않습니다. 그래서 라벨마다 스물네 칸을 두고 한 칸에만 1을 적습니다.',
      '왜 26칸이 아니라 24칸일까요? j와 z의 칸에는 1이 적힐 일이 없습니다. 그 칸에 대해 배울 수 있는 것은 절대 고르지 않는 것뿐입니다.',
    ]),
  },
}

export const build: StepText = withNumbers(
  course,
  { en: 'The network of lesson 1', ko: '수업 1의 신경망 그대로' },
  ({ train: pictures, classes }) => {
    const parameters = LESSON_1 + 513 * (classes - 10) // 512 weights and a bias for each class more
    const each = Math.max(1, Math.round(parameters / pictures))
    const more = parameters > LESSON_1
    return {
      en: paragraphs(
        [
          'Two dense layers of 512 units with relu, then one with softmax: the network that read digits. Again only the first layer is told how many numbers come in.',
          'The last one has a unit for each class, and so one probability for each letter: 24, where there were ten.',
        ],
        [
          `That makes ${count(parameters)} parameters, ${more ? `a few more than the ${count(LESSON_1)} of lesson 1` : `as many as in lesson 1`}.`,
          `There are ${inEnglish(pictures, 'picture')} to practise with, so that there are about ${inEnglish(each, 'parameter')} for each of them.`,
          'So much room serves to understand, and just as well to remember.',
        ],
      ),
      ko: paragraphs(
        [
          'relu를 쓰는 유닛 512개짜리 dense 층 두 개, 그다음은 softmax 층. 숫자를 읽던 바로 그 신경망입니다. 이번에도 숫자가 몇 개 들어오는지는 첫 층에만 알려 줍니다.',
          '마지막 층에는 클래스마다 유닛이 하나씩 있어 글자마다 확률을 하나씩 내놓습니다. 열 개이던 유닛이 스물네 개가 됩니다.',
        ],
        [
          `매개변수는 모두 ${count(parameters)}개로 ${more ? `수업 1의 ${count(LESSON_1)}개보다 조금 많습니다` : '수업 1과 같습니다'}.`,
          `연습할 그림은 ${count(pictures)}장이니 그림 한 장에 매개변수가 ${count(each)}개쯤 돌아가는 셈입니다.`,
          '이 넉넉한 자리는 이해하는 데도 쓰이지만, 외우는 데도 똑같이 쓰일 수 있습니다.',
        ],
      ),
    }
  },
)

export const compile: StepText = {
  title: { en: 'The same three choices', ko: '세 가지 선택은 그대로' },
  prose: {
    en: paragraphs([
      'Cross-entropy, because the answer is one of several classes: an even guess among 24 letters costs 3.18.',
      "RMSprop with a rate of 0.001, Keras' choice where none is named. And accuracy, for us to read.",
    ]),
    ko: paragraphs([
      '답이 여러 클래스 가운데 하나이므로 손실은 크로스 엔트로피입니다. 24글자를 똑같이 찍으면 3.18이 됩니다.',
      '옵티마이저는 따로 정하지 않았을 때 Keras가 고르는 RMSprop, 학습률 0.001입니다. 정확도는 우리가 읽으려고 잽니다.',
    ]),
  },
}

export const train: StepText = withNumbers(
  course,
  { en: 'Training, with an eye on two columns', ko: '두 열을 지켜보며 학습하기' },
  (numbers) => {
    const batches = batchesOf(numbers)
    const chosen = chosenSteps(numbers)
    const hasShortOne = numbers.rest > 0 && numbers.fullBatches > 0
    return {
      en: paragraphs(
        [
          `${batches.en}${chosen.en}`,
          `The means of an epoch are taken over pictures, not over batches${hasShortOne ? ', so that those of the short one count no more than others' : ''}.`,
        ],
        [
          'Watch the columns accuracy and val_accuracy. At first they climb together. Then one goes on, and the other no longer follows.',
        ],
      ),
      ko: paragraphs(
        [
          `${batches.ko}${chosen.ko}`,
          `에포크의 평균은 배치가 아니라 그림을 기준으로 냅니다.${hasShortOne ? ' 그래야 짧은 배치의 그림이 더 무겁게 세어지지 않습니다.' : ''}`,
        ],
        [
          'accuracy와 val_accuracy 두 열을 지켜보세요. 처음에는 나란히 오르다가, 어느 순간부터 한쪽만 계속 오르고 다른 쪽은 따라가지 못합니다.',
        ],
      ),
    }
  },
)

function batchesOf({ train: pictures, batchSize, fullBatches, rest, passSteps }: LessonNumbers): Text {
  const steps = { en: `${inEnglish(passSteps, 'step')} an epoch`, ko: `모두 ${count(passSteps)}걸음이 한 에포크입니다` }
  if (fullBatches === 0) {
    return {
      en: `${inEnglish(pictures, 'picture')}, in batches of ${batchSize}, fit into a single one: ${steps.en}.`,
      ko: `그림 ${count(pictures)}장을 ${batchSize}장씩 묶으면 배치 하나에 다 들어갑니다. ${steps.ko}.`,
    }
  }
  return rest === 0
    ? {
        en: `${inEnglish(pictures, 'picture')} in batches of ${batchSize} make ${inEnglish(fullBatches, 'full batch', 'full batches')}: ${steps.en}.`,
        ko: `그림 ${count(pictures)}장을 ${batchSize}장씩 묶으면 꽉 찬 배치가 ${count(fullBatches)}개, ${steps.ko}.`,
      }
    : {
        en: `${inEnglish(pictures, 'picture')} in batches of ${batchSize} make ${inEnglish(fullBatches, 'full batch', 'full batches')} and a last one of ${rest}: ${steps.en}.`,
        ko: `그림 ${count(pictures)}장을 ${batchSize}장씩 묶으면 꽉 찬 배치 ${count(fullBatches)}개와 ${rest}장짜리 배치 하나, ${steps.ko}.`,
      }
}

export const verdict: StepText = {
  title: { en: 'What has it learned?', ko: '무엇을 배웠을까' },
  prose: {
    en: paragraphs(
      [
        'accuracy says how well the network knows the pictures that it practised with; val_accuracy, how well it knows letters.',
        'Where the first lies far above the second, it has learned much by heart that is of no use with the next hand. This is called overfitting,',
        'and it is the real result of this lesson.',
      ],
      [
        'val_accuracy jumps from one epoch to the next. So it is judged by the mean of the last epochs, up to five of them, and how far they spread says how steady it is.',
      ],
    ),
    ko: paragraphs(
      [
        'accuracy는 연습한 그림을 얼마나 잘 아는지, val_accuracy는 글자를 얼마나 잘 아는지 알려 줍니다.',
        '앞의 값이 뒤의 값보다 훨씬 높다면, 다음에 만날 손에는 쓸모없는 것을 잔뜩 외웠다는 뜻입니다. 이것을 과적합이라고 하며,',
        '바로 이것이 이번 수업의 진짜 결과입니다.',
      ],
      [
        'val_accuracy는 에포크마다 크게 오르내립니다. 그래서 마지막 에포크들, 많아야 다섯 번의 평균으로 판단하고, 그 값들이 얼마나 흩어져 있는지로 안정적인지를 봅니다.',
      ],
    ),
  },
}
