/*
 * What the steps of `asl-cnn.ts` tell the learner, in both languages: the same thoughts, each in its own words.
 */
import { count } from './judging/sentences.ts'
import { paragraphs, type StepText, withNumbers } from './prose.ts'
import { inEnglish } from './steps/lesson-numbers.ts'

const course = { train: 27_455, test: 7_172, classes: 24, epochs: 20 }

export const load: StepText = {
  title: { en: 'The same data', ko: '같은 데이터' },
  prose: {
    en: paragraphs([
      'Lesson 2 ended in overfitting. Its pictures are fine; this lesson changes the network.',
      'So it begins as that one did: read the two tables, take the label columns out. What is left are flat rows of 784 pixels.',
    ]),
    ko: paragraphs([
      '수업 2는 과적합으로 끝났습니다. 그림에는 문제가 없으니 이번에는 신경망을 바꿉니다.',
      '시작은 같습니다. 표 두 개를 읽고 라벨 열을 떼어 냅니다. 그러면 픽셀 784개가 한 줄로 늘어선 데이터가 남습니다.',
    ]),
  },
}

export const reshape: StepText = withNumbers(
  course,
  { en: 'Back to a grid', ko: '다시 격자로' },
  ({ train: pictures, test }) => ({
    en: paragraphs(
      [
        'In a flat row, the pixel above another one stands 28 places before it, and nothing says that the two are neighbours.',
        'A line, a corner, a fingertip are matters of neighbourhood. So each picture gets its grid back: rows, columns, and channels.',
        'Grey pictures have one channel; a colour photo would have three.',
      ],
      [
        'The -1 in front means: work it out. The values have to fit exactly, so only one number can stand there, the number of pictures.',
        `That lets the same line serve for ${inEnglish(pictures, 'picture')}, for ${count(test)}, and later for one.`,
      ],
    ),
    ko: paragraphs(
      [
        '한 줄로 펴 놓으면 바로 위에 있던 픽셀이 28칸 앞에 놓이고, 둘이 이웃이었다는 사실은 어디에도 남지 않습니다.',
        '그런데 선도 모서리도 손끝도 모두 이웃한 픽셀들이 이루는 것입니다. 그래서 그림마다 줄, 칸, 채널로 된 격자를 되찾아 줍니다.',
        '회색 그림은 채널이 하나이고, 컬러 사진이라면 셋입니다.',
      ],
      [
        '맨 앞의 -1은 알아서 계산하라는 뜻입니다. 값이 꼭 들어맞아야 하므로 그 자리에 올 수 있는 수는 그림의 장수 하나뿐입니다.',
        `덕분에 똑같은 한 줄을 ${count(pictures)}장에도, ${count(test)}장에도, 나중에는 한 장에도 쓸 수 있습니다.`,
      ],
    ),
  }),
)

export const scale: StepText = {
  title: { en: 'From 0..255 to 0..1', ko: '0~255를 0~1로' },
  prose: {
    en: paragraphs(['As before, divided by 255 and kept as float32. Only the shape that the network takes is new.']),
    ko: paragraphs(['앞에서와 같이 255로 나누어 float32로 둡니다. 신경망이 받는 모양만 새롭습니다.']),
  },
}

export const oneHot: StepText = {
  title: { en: 'Labels as 24 places', ko: '라벨을 스물네 칸으로' },
  prose: {
    en: paragraphs(['As in lesson 2: a row of 24 places for each label, without j and z.']),
    ko: paragraphs(['수업 2에서와 같이 라벨마다 스물네 칸입니다. j와 z의 칸은 없습니다.']),
  },
}

export const build: StepText = {
  title: { en: 'A network for pictures', ko: '그림을 위한 신경망' },
  prose: {
    en: paragraphs(
      [
        'A convolution (Conv2D) moves a small window over the picture, here of 3 x 3 pixels. At every place it multiplies the nine pixels by nine weights, its kernel, and adds them up;',
        'the sum is large where the picture looks like the kernel. The same weights serve everywhere, so what was learned in one corner is known in all others.',
        'On raw pixels so small a window can make out little more than a line or an edge. The next convolution looks at the answers of the first and finds how lines meet,',
        'and the third puts such finds together to what may be a knuckle, a gap between fingers, a thumb.',
      ],
      [
        'The numbers in a convolution: 75 filters are 75 kernels, each of which makes a picture of its own answers. The kernel size is how much one look takes in, the stride how many pixels the window moves on.',
        "Padding 'same' lays a rim of zeros around the picture, so that the window can stand on its edge too and the answers are as many as the pixels.",
        'Each of the 75 has nine weights and a bias: 750 parameters.',
      ],
      [
        'BatchNormalization brings the answers of each filter to one scale: within a batch their mean becomes 0 and their spread 1, and two learned numbers may then set both anew.',
        'It is the reason for which we divided by 255, applied inside the network: every correction of a layer shifts the numbers that the next one gets, and it learns better from numbers that stay in place.',
        'For use after training it keeps running means and variances. They are counted but not trained: 300 of them.',
      ],
      [
        'MaxPool2D keeps the largest of each 2 x 2 answers. Height and width are halved, from 28 to 14 to 7 to 4, so all that follows has a quarter of the work.',
        'And it matters less where exactly something was found: a hand that is moved by a pixel still gives nearly the same answers.',
      ],
      [
        'Dropout is there against overfitting. In each training step it sets a fifth of the numbers, later three tenths, to zero at random.',
        'No unit can count on a certain other one, so knowledge has to be spread, and a single remembered detail carries no answer far. In use nothing is dropped.',
      ],
      [
        'Flatten lays the last 25 small pictures of 4 x 4 in a row of 400: no longer pixels, but finds. A dense layer of 512 learns which of them speak for which letter,',
        'and the last one, with softmax, gives 24 probabilities.',
      ],
      [
        'Look at the totals: 264,049 parameters, where the perceptron of lesson 2 had 676,888. Fewer than half, and it will do better.',
      ],
    ),
    ko: paragraphs(
      [
        '합성곱(Conv2D)은 작은 창을 그림 위로 움직입니다. 여기서는 3 x 3픽셀짜리 창입니다. 자리마다 픽셀 아홉 개에 가중치 아홉 개, 곧 커널을 곱해서 더하는데,',
        '그림이 커널과 닮은 자리에서 합이 커집니다. 어디서나 같은 가중치를 쓰므로 한구석에서 배운 것을 다른 모든 자리에서도 압니다.',
        '픽셀을 바로 보는 첫 합성곱은 창이 작아서 선이나 경계쯤밖에 알아보지 못합니다. 다음 합성곱은 첫 번째의 응답을 보고 선들이 어떻게 만나는지 찾아내며,',
        '세 번째는 그렇게 찾은 것을 모아 손가락 마디나 손가락 사이의 틈, 엄지 같은 것을 알아봅니다.',
      ],
      [
        '합성곱에 적힌 수의 뜻은 이렇습니다. 필터 75개는 커널 75개이고, 저마다 자기 응답으로 그림을 한 장씩 만듭니다. 커널 크기는 한 번에 보는 넓이, 스트라이드는 창이 한 번에 옮겨 가는 픽셀 수입니다.',
        "패딩 'same'은 그림 둘레에 0을 둘러서 창이 가장자리에도 놓일 수 있게 하고, 응답의 수를 픽셀 수와 같게 맞춥니다.",
        '75개 필터마다 가중치 아홉 개와 편향 하나가 있어 매개변수는 750개입니다.',
      ],
      [
        'BatchNormalization은 필터마다 응답의 눈금을 맞춥니다. 한 배치 안에서 평균을 0, 퍼진 정도를 1로 만든 다음, 학습되는 수 두 개로 둘을 다시 알맞게 정합니다.',
        '255로 나눈 것과 같은 까닭을 신경망 안쪽에 적용한 것입니다. 한 층을 고칠 때마다 다음 층이 받는 수가 움직이는데, 받는 수가 제자리에 있어야 더 잘 배웁니다.',
        '학습이 끝난 뒤에 쓰려고 평균과 분산을 이어서 기록해 둡니다. 매개변수로 세기는 하지만 학습하지는 않는 값이고, 모두 300개입니다.',
      ],
      [
        'MaxPool2D는 2 x 2칸의 응답 가운데 가장 큰 것만 남깁니다. 높이와 너비가 28에서 14, 7, 4로 줄어들어 뒤의 층은 할 일이 4분의 1이 됩니다.',
        '무엇을 정확히 어디서 찾았는지도 덜 중요해집니다. 손이 한 픽셀쯤 움직여도 응답은 거의 같습니다.',
      ],
      [
        'Dropout은 과적합을 막으려고 넣었습니다. 학습 걸음마다 숫자의 5분의 1을, 뒤에서는 10분의 3을 무작위로 0으로 만듭니다.',
        '어떤 유닛도 특정한 다른 유닛에만 기댈 수 없으니 아는 것을 고루 나누어 가져야 하고, 외워 둔 사소한 특징 하나로는 답에 이르기 어려워집니다. 실제로 쓸 때는 아무것도 지우지 않습니다.',
      ],
      [
        'Flatten은 마지막에 남은 4 x 4짜리 작은 그림 25장을 400개의 수로 폅니다. 이제는 픽셀이 아니라 찾아낸 특징들입니다. 유닛 512개짜리 dense 층이 어떤 특징이 어느 글자를 가리키는지 배우고,',
        '마지막 층이 softmax로 확률 24개를 내놓습니다.',
      ],
      [
        '전체 개수를 보세요. 수업 2의 퍼셉트론은 매개변수가 676,888개였는데 여기서는 264,049개입니다. 절반도 되지 않지만 결과는 더 좋을 것입니다.',
      ],
    ),
  },
}

export const compile: StepText = {
  title: { en: 'The same three choices', ko: '세 가지 선택은 그대로' },
  prose: {
    en: paragraphs([
      'Loss, optimizer and metric stay as they were, so that whatever changes is the doing of the network.',
    ]),
    ko: paragraphs([
      '손실도 옵티마이저도 정확도도 그대로 둡니다. 그래야 무엇이 달라지든 신경망 덕분이라고 말할 수 있습니다.',
    ]),
  },
}

export const train: StepText = withNumbers(course, { en: 'Training', ko: '학습' }, ({ steps, epochs }) => ({
  en: paragraphs([
    `${inEnglish(steps, 'step')} an epoch, ${epochs === 1 ? 'once' : `${count(epochs)} times`}. Fewer parameters do not mean less work: each kernel is used at every place of the picture,`,
    'which makes a step some fourteen times as much to compute as in lesson 2.',
  ]),
  ko: paragraphs([
    `한 에포크에 ${count(steps)}걸음, 모두 ${epochs === 1 ? '한' : count(epochs)} 번입니다. 매개변수가 적다고 일이 적은 것은 아닙니다. 커널 하나하나를 그림의 모든 자리에서 쓰기 때문에`,
    '한 걸음에 계산할 양은 수업 2의 열네 배쯤 됩니다.',
  ]),
}))

export const verdict: StepText = {
  title: { en: 'Has the gap closed?', ko: '틈은 줄었을까' },
  prose: {
    en: paragraphs([
      'Practised pictures were no problem in lesson 2 either. What counts is how much nearer the new ones have come, and whether they stay there from epoch to epoch.',
    ]),
    ko: paragraphs([
      '연습한 그림은 수업 2에서도 문제가 없었습니다. 중요한 것은 새 그림의 정확도가 얼마나 따라왔는지, 그리고 에포크가 바뀌어도 그대로 머무는지입니다.',
    ]),
  },
}
