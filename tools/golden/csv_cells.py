"""Writes what pandas reads of CSVs with quotes, blanks and odd line ends into packages/datasets/fixtures/csv-cells.json.

A table of whole numbers 0..255 stands there with its rows; anything else that pandas makes of a file (floats, texts, missing
values, an error) stands there as null, and has to be refused.
"""

import io
import json
import random
import warnings

import pandas as pd

import golden

FILE = golden.ROOT / "packages/datasets/fixtures/csv-cells.json"
BY_HAND = [
    'a,b\n1,2\n',
    '"a","b"\n"1","2"\n',
    '"a","b"\r\n"1","2"\r\n',
    '\ufeff"a","b"\r\n"1","2"',
    '"a,x","b ""y"""\n1,2\n',
    '"a\nx",b\n1,2\n',
    'a,b\n"1\n",2\n3,4\n',
    'a,b\n" 1 ",2\n',
    'a,b\n 1 , 2 \n',
    'a,b\n "1","2"\n',
    'a,b\n1, "2"\n',
    'a,b\n1,"2" \n',
    'a,b\n"1"2,3\n',
    'a,b\n1"2,3\n',
    'a,b\n"1""",3\n',
    'a,b\n"",3\n',
    'a,b\n,3\n',
    'a,b\n1,2\n\n3,4\n',
    'a,b\n1,2\n  \t\n3,4\n',
    'a,b\r1,2\r3,4\r',
    'a,b\r\n1,2\n3,4\r5,6\r\n',
    'a,b\n+1,-0\n',
    'a,b\n-1,2\n',
    'a,b\n007,000000000000000000000000000000000200\n',
    'a,b\n1.0,2\n',
    'a,b\n1e1,2\n',
    'a,b\n256,2\n',
    'a,b\n1,"2\n3,4\n',
    'a,b\n1,2,3\n',
    'a,b\n1,2\n3,4,5\n',
    'a,b\n1\n',
    'a\n1\n\n2\n',
    'a\n"1"\n""\n',
    'a,b\n"1","2""\n3,4\n',
    'a,b\n0x1,2\n',
    'a,b\n1_0,2\n',
    'a,b\n1 2,3\n',
]


def made(generator):
    """A table in which quotes, blanks, signs and line ends stand at random."""
    columns = generator.randint(1, 3)
    parts = ["", "", "", " ", '"', '""', "\t", "+", "x", "\n"]
    ends = generator.choice([["\n"], ["\r\n"], ["\r"], ["\n", "\r\n", "\r"]])
    if "\r" in ends:  # where a blank follows a lone CR, pandas goes back to the last LF and reads rows twice
        parts = ["", "+", "x"]

    def cell():
        value = str(generator.randint(0, 300))
        roll = generator.random()
        if roll < 0.4:
            return value
        if roll < 0.7:
            return f'"{value}"'
        return generator.choice(parts) + value + generator.choice(parts)

    text = ",".join("abc"[:columns])
    for _ in range(generator.randint(1, 4)):
        text += generator.choice(ends) + ",".join(cell() for _ in range(columns))
    return text + generator.choice(["", ends[0]])


def rows_of(text):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            table = pd.read_csv(io.BytesIO(text.encode()))
    except Exception:
        return None
    whole = all(str(kind) == "int64" for kind in table.dtypes) and isinstance(table.index, pd.RangeIndex)
    if not whole or len(table) == 0 or table.min().min() < 0 or table.max().max() > 255:
        return None
    return table.to_numpy().tolist()


def main():
    generator = random.Random(1)
    texts = BY_HAND + [made(generator) for _ in range(400)]
    cases = [{"text": text, "rows": rows_of(text)} for text in texts]
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps({"pandas": pd.__version__, "cases": cases}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
