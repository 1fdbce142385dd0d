/*
 * What the steps of `mnist.ts` tell the learner, in both languages: the same thoughts, each in its own words.
 * A blank line parts two paragraphs.
 */
import { count } from './judging/sentences.ts'
import { paragraphs, type StepText, withNumbers } from './prose.ts'
import { chosenSteps, division, inEnglish } from './steps/lesson-numbers.ts'

export const load: StepText = {
  title: { en: 'Four arrays', ko: '배열 네 개' },
  prose: {
    en: paragraphs(
      [
        'MNIST is 70,000 small grey pictures of handwritten digits, each with a note of which digit its writer meant.',
        'A network learns from one part of them, the training data. The rest is put aside as validation data:',
        'the network never learns from it. Only pictures that it has not practised with can show',
        'whether it has understood digits or merely learned some pictures by heart.',
      ],
      [
        'Both parts come as two arrays. x holds the pictures; y holds the right answers, called labels.',
        'The answer to the picture at x[i] stands at y[i].',
      ],
    ),
    ko: paragraphs(
      [
        'MNIST는 손으로 쓴 숫자를 담은 작은 회색 그림 7만 장과, 각 그림이 어떤 숫자인지 적어 둔 쪽지로 이루어져 있습니다.',
        '신경망은 그중 일부, 곧 학습 데이터로만 배웁니다. 나머지는 검증 데이터로 따로 떼어 두고 배우는 데는 절대 쓰지 않습니다.',
        '연습해 본 적 없는 그림을 보여 줘야 숫자를 정말 이해했는지, 아니면 그림을 통째로 외웠을 뿐인지 알 수 있기 때문입니다.',
      ],
      [
        '두 부분은 저마다 배열 두 개로 되어 있습니다. x에는 그림이, y에는 정답이 들어 있고 이 정답을 라벨이라고 부릅니다.',
        'x[i]에 있는 그림의 답은 y[i]에 있습니다.',
      ],
    ),
  },
}

export const firstImage: StepText = {
  title: { en: 'A picture is a grid of numbers', ko: '그림은 숫자로 된 격자' },
  prose: {
    en: paragraphs(
      [
        'Read a shape from left to right: how many pictures, how many rows in each, how many pixels in a row.',
        'The type uint8 is a whole number that fits into one byte, so a pixel goes from 0 (black) to 255 (white).',
      ],
      [
        'Here is the first training picture twice: as the numbers that the network gets, and as a picture.',
        'Squint at the numbers and the strokes appear. The label says what the writer had in mind.',
      ],
    ),
    ko: paragraphs(
      [
        '모양(shape)은 왼쪽부터 읽습니다. 그림이 몇 장인지, 한 장에 줄이 몇 개인지, 한 줄에 픽셀이 몇 개인지 순서입니다.',
        'uint8은 1바이트에 들어가는 정수라서, 픽셀 하나는 0(검정)에서 255(하양) 사이의 값을 갖습니다.',
      ],
      [
        '아래에 첫 번째 학습 그림이 두 번 나옵니다. 한 번은 신경망이 받는 숫자 그대로, 한 번은 눈으로 보는 그림으로요.',
        '눈을 가늘게 뜨고 숫자판을 보면 획이 드러납니다. 글씨를 쓴 사람이 무엇을 쓰려 했는지는 라벨이 알려 줍니다.',
      ],
    ),
  },
}

export const flatten: StepText = {
  title: { en: 'From a grid to a row', ko: '격자를 한 줄로' },
  prose: {
    en: paragraphs(
      [
        'The network of this lesson reads one long row of numbers. So the 28 lines of a picture are laid end to end:',
        '28 x 28 = 784 numbers. None of them changes and nothing is copied; they are only counted differently.',
      ],
      [
        'Something does get lost: the network is no longer told which pixels were above one another.',
        'For tidy digits in the middle of a picture that does little harm. A later lesson keeps the grid, and gains by it.',
      ],
    ),
    ko: paragraphs(
      [
        '이번 신경망은 길게 한 줄로 늘어선 숫자를 읽습니다. 그래서 그림의 28줄을 끝과 끝을 이어 붙여 28 x 28 = 784개의 숫자로 폅니다.',
        '값이 바뀌거나 복사되는 것은 없고, 세는 방법만 달라집니다.',
      ],
      [
        '대신 잃는 것도 있습니다. 어느 픽셀이 어느 픽셀의 위에 있었는지를 신경망은 이제 알지 못합니다.',
        '한가운데에 반듯하게 쓴 숫자라면 큰 문제가 되지 않습니다. 격자를 그대로 살리면 무엇이 좋아지는지는 뒤의 수업에서 봅니다.',
      ],
    ),
  },
}

export const scale: StepText = {
  title: { en: 'From 0..255 to 0..1', ko: '0~255를 0~1로' },
  prose: {
    en: paragraphs(
      [
        'A network learns by many small corrections, and those work best when the numbers that go in are small too.',
        'Dividing by 255, the largest value of a byte, brings every pixel into the range from 0 to 1.',
      ],
      [
        'That takes numbers with a fraction. Here they are float32, four bytes each.',
        'Keras prints float64 at this point, because numpy divides into eight-byte numbers; for training it, too, goes to float32.',
      ],
    ),
    ko: paragraphs(
      [
        '신경망은 조금씩 고쳐 나가는 일을 아주 여러 번 되풀이하며 배웁니다. 들어오는 수가 작을수록 이 과정이 매끄럽습니다.',
        '바이트가 가질 수 있는 가장 큰 값인 255로 나누면 모든 픽셀이 0과 1 사이로 들어옵니다.',
      ],
      [
        '이제 소수를 담을 수 있는 자료형이 필요합니다. 여기서는 4바이트짜리 float32를 씁니다.',
        'Keras라면 이 자리에서 float64라고 출력합니다. numpy가 나눗셈의 결과를 8바이트로 내놓기 때문인데, 학습할 때는 Keras도 float32로 바꿉니다.',
      ],
    ),
  },
}

export const oneHot: StepText = {
  title: { en: 'Labels as ten places', ko: '라벨을 열 칸으로' },
  prose: {
    en: paragraphs(
      [
        'A label such as 5 is a name, not an amount. Taken as an amount it would tell the network',
        'that reading a 5 as a 4 is almost right and as a 0 quite wrong, and handwriting is not like that.',
      ],
      [
        'So each label becomes ten places, one for each digit: a 1 where the right digit is, 0 everywhere else.',
        'This is called one-hot. Read as probabilities it says "certainly a 5", and that is the form in which the network will answer.',
      ],
    ),
    ko: paragraphs(
      [
        '5라는 라벨은 이름이지 크기가 아닙니다. 크기로 다루면 5를 4로 읽는 것은 거의 맞고 0으로 읽는 것은 크게 틀린 셈이 되는데,',
        '손글씨는 그렇지 않습니다.',
      ],
      [
        '그래서 라벨마다 숫자 하나에 한 칸씩 열 칸을 만들고, 정답 칸에는 1을, 나머지 칸에는 0을 적습니다. 이것을 원-핫(one-hot)이라고 합니다.',
        '확률로 읽으면 "틀림없이 5"라는 뜻이고, 신경망도 바로 이런 모양으로 답하게 됩니다.',
      ],
    ),
  },
}

export const build: StepText = {
  title: { en: 'The network', ko: '신경망 만들기' },
  prose: {
    en: paragraphs(
      [
        'Three dense layers, one after the other. Each unit of a dense layer looks at every number of the layer before:',
        'it multiplies each by a weight of its own, adds them all up together with a bias, and hands the sum on.',
        'The weights start out random. Learning means changing them.',
        'Only the first layer has to be told how many numbers come in, 784; each later one sees it from the layer before.',
      ],
      [
        'The first two layers end in relu: a sum below zero becomes 0, any other passes as it is.',
        'Without such a bend, sums of sums would still be sums, and three layers could do no more than one.',
        'Relu is about the simplest bend there is: quick to compute, and however large a sum grows, its slope stays 1,',
        'so that corrections still find their way back through it.',
      ],
      [
        'The last layer has ten units, one for each digit. Softmax turns their sums into ten positive numbers that add up to 1.',
        'They can be read as probabilities: how sure the network is of each digit.',
      ],
      [
        'In the summary, None stands for the number of pictures, which is left open.',
        'The first layer has 784 x 512 weights and 512 biases: 401,920 parameters.',
      ],
    ),
    ko: paragraphs(
      [
        'dense 층 세 개를 차례로 쌓습니다. dense 층의 유닛 하나하나는 앞 층의 숫자를 모두 봅니다.',
        '각 숫자에 자기만의 가중치를 곱하고, 전부 더한 다음, 편향까지 보태서 다음 층으로 넘깁니다.',
        '가중치는 무작위 값에서 시작하고, 그 값을 바꿔 가는 일이 곧 학습입니다.',
        '숫자가 몇 개 들어오는지(784개)는 첫 층에만 알려 주면 됩니다. 그다음 층들은 앞 층을 보고 스스로 압니다.',
      ],
      [
        '앞의 두 층은 relu로 끝납니다. 합이 0보다 작으면 0으로 만들고, 아니면 그대로 흘려보냅니다.',
        '이렇게 한 번 꺾어 주지 않으면 합의 합은 결국 또 합일 뿐이라서, 층이 세 개라도 하나일 때보다 나을 것이 없습니다.',
        'relu는 더없이 단순한 꺾임입니다. 계산이 빠르고, 값이 아무리 커져도 기울기가 1로 남아 고칠 점이 앞 층까지 잘 전해집니다.',
      ],
      [
        '마지막 층에는 숫자마다 하나씩 유닛이 열 개 있습니다. softmax는 이 열 개의 합을, 모두 더하면 1이 되는 양수 열 개로 바꿉니다.',
        '그래서 각 숫자를 얼마나 확신하는지 나타내는 확률로 읽을 수 있습니다.',
      ],
      [
        '요약표의 None은 그림의 장수를 정하지 않고 비워 두었다는 뜻입니다.',
        '첫 층에는 가중치 784 x 512개와 편향 512개, 합쳐서 매개변수 401,920개가 있습니다.',
      ],
    ),
  },
}

export const compile: StepText = {
  title: { en: 'What counts as better', ko: '무엇을 더 낫다고 볼까' },
  prose: {
    en: paragraphs(
      [
        'Three choices before training starts. The loss says how wrong an answer is.',
        'Cross-entropy looks only at the probability that the network gave to the right digit, and takes minus its logarithm:',
        'nearly 0 for "surely, and right", 2.30 for an even guess among ten, and far more for "surely, and wrong".',
      ],
      [
        'The optimizer decides how far each weight moves to make the loss smaller. The course names none,',
        "so Keras takes its default, RMSprop with a learning rate of 0.001. It divides a weight's step",
        'by the usual size of its recent gradients, so that all weights move at a similar pace.',
      ],
      [
        'Accuracy is for people: the share of pictures whose most probable digit is the right one. Nothing is learned from it.',
      ],
    ),
    ko: paragraphs(
      [
        '학습을 시작하기 전에 세 가지를 고릅니다. 먼저 손실은 답이 얼마나 틀렸는지를 나타냅니다.',
        '크로스 엔트로피는 신경망이 정답 숫자에 준 확률 하나만 보고, 그 로그에 음수를 붙입니다.',
        '확신하고 맞히면 0에 가깝고, 열 개를 똑같이 찍으면 2.30, 확신했는데 틀리면 훨씬 커집니다.',
      ],
      [
        '옵티마이저는 손실을 줄이려면 가중치를 각각 얼마나 움직일지 정합니다. 이 수업의 원본은 따로 정하지 않았으므로',
        'Keras의 기본값인 RMSprop, 학습률 0.001을 씁니다. 가중치마다 최근 기울기의 평소 크기로 걸음을 나누기 때문에 모두 비슷한 빠르기로 움직입니다.',
      ],
      ['정확도는 사람을 위한 값입니다. 확률이 가장 높은 숫자가 정답인 그림의 비율이고, 학습에는 쓰이지 않습니다.'],
    ),
  },
}

export const train: StepText = withNumbers(
  { train: 60_000, test: 10_000, classes: 10, epochs: 5 },
  { en: 'Training', ko: '학습' },
  (numbers) => {
    const { batchSize, rest, passSteps } = numbers
    const chosen = chosenSteps(numbers)
    const last = {
      en:
        rest === 0
          ? ` ${passSteps === 1 ? 'step' : 'steps'}.`
          : `, so ${inEnglish(passSteps, 'step')}, since the last ${inEnglish(rest, 'picture')} need one too.`,
      ko: rest === 0 ? '걸음입니다.' : `인데 마지막 ${rest}장도 한 걸음이 필요하므로 ${count(passSteps)}걸음입니다.`,
    }
    return {
      en: paragraphs(
        [
          `In an epoch the network sees every training picture once, in a new random order, ${batchSize} at a time.`,
          `After each such batch, every weight is corrected a little: ${division(numbers)}${last.en}${chosen.en}`,
          'Then it is asked about the validation pictures, without learning from them.',
        ],
        [
          'loss and accuracy are means over the epoch, early mistakes included; val_loss and val_accuracy are taken at its end.',
          'That is why validation often looks better than training at first.',
        ],
      ),
      ko: paragraphs(
        [
          `에포크 한 번 동안 신경망은 모든 학습 그림을 새로 섞은 순서로 한 번씩, ${batchSize}장씩 묶어서 봅니다.`,
          `이 묶음(배치) 하나를 볼 때마다 모든 가중치를 조금씩 고칩니다. ${division(numbers)}${last.ko}${chosen.ko}`,
          '그다음 검증 그림으로 시험을 보는데, 여기서는 아무것도 배우지 않습니다.',
        ],
        [
          'loss와 accuracy는 초반의 실수까지 모두 넣은 에포크 전체의 평균이고, val_loss와 val_accuracy는 에포크가 끝난 뒤에 잰 값입니다.',
          '그래서 처음에는 검증이 학습보다 좋아 보이곤 합니다.',
        ],
      ),
    }
  },
)

export const verdict: StepText = {
  title: { en: 'How well did it go?', ko: '얼마나 잘 되었을까' },
  prose: {
    en: paragraphs([
      'The number to look at is val_accuracy: the share of digits read correctly among pictures that were never practised.',
      'No two seeds end the same, because weights and order start from other random numbers;',
      'differences of a few tenths of a percent mean nothing.',
    ]),
    ko: paragraphs([
      '눈여겨볼 값은 val_accuracy, 곧 한 번도 연습하지 않은 그림 가운데 숫자를 맞게 읽은 비율입니다.',
      '시드가 다르면 가중치와 순서가 다른 난수에서 출발하므로 결과도 조금씩 달라집니다.',
      '영 점 몇 퍼센트쯤 되는 차이에는 의미를 두지 않아도 됩니다.',
    ]),
  },
}
