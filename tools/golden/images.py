"""Writes what Pillow makes of images into packages/preprocess/fixtures: sample files in images/, and images.json with the
pixels that Pillow decodes, its luma, its nearest-neighbour resizing, and how it turns an image by its Exif.

Keras' `load_img(color_mode="grayscale", target_size=(28, 28))` is Pillow's `open`, `convert("L")`, `resize(NEAREST)`.
Pixels are described by their SHA-256, sampled columns by their indices.
"""

import hashlib
import io
import struct
import zlib

import numpy as np
import PIL
from PIL import Image, ImageOps, features

import golden

FOLDER = golden.ROOT / "packages/preprocess/fixtures"
WIDTH, HEIGHT = 37, 29  # odd, and no multiple of a JPEG block
SIZES = ((186, 186), (28, 28), (1, 1), (3, 200), (200, 3), (640, 480), (4032, 3024), (29, 57), (14, 28), (27, 1000))


def scene(width, height):
    """Slopes in each colour and a patch of noise, [height, width, 4]: alpha takes every value."""
    y, x = np.mgrid[0:height, 0:width]
    layers = (x * 255 // max(1, width - 1), (x * 3 + y * 5) % 256, (x * x + y * y) // 9 % 256, (x * 11 + y * 7) % 256)
    image = np.stack(layers, -1).astype(np.uint8)
    noise = np.random.RandomState(0).randint(0, 256, (min(9, height), min(9, width), 4))
    image[: noise.shape[0], : noise.shape[1]] = noise
    return image


def png(pixels, depth, kind, interlaced=False):
    """A PNG of rows without filters, for the kinds that Pillow doesn't write. `pixels` is [height, width, channels]."""

    def chunk(name, content):
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    def rows(part):
        lines = part.astype(">u2" if depth == 16 else np.uint8).reshape(part.shape[0], -1)
        if depth < 8:
            bits = np.unpackbits(lines, axis=1).reshape(*lines.shape, 8)[:, :, 8 - depth :]
            lines = np.packbits(bits.reshape(lines.shape[0], -1), axis=1)
        return b"".join(b"\0" + line.tobytes() for line in lines)

    passes = ((0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1))
    parts = [pixels[y::dy, x::dx] for y, x, dy, dx in passes] if interlaced else [pixels]
    data = b"".join(rows(part) for part in parts if part.size)
    height, width = pixels.shape[:2]
    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, int(interlaced))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(data, 9)) + chunk(b"IEND", b"")


def saved(image, format, **options):
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def orientation(value, endian=">"):
    """Exif that says how a camera was held, in either byte order."""
    exif = Image.Exif()
    exif.endian = endian
    exif[0x112] = value
    return exif


def samples():
    rgba = scene(WIDTH, HEIGHT)
    wide = rgba.astype(np.uint16) * 256 + rgba[:, ::-1]  # 16 bits whose lower half isn't the upper one
    colour, clear = Image.fromarray(rgba[..., :3]), Image.fromarray(rgba)
    grey, palette = colour.convert("L"), colour.quantize(200)
    clear_palette = colour.quantize(16)
    clear_palette.info["transparency"] = 3
    turned = orientation(6)  # "turn me by 90 degrees"
    every = {f"exif-{i}.jpg": saved(colour, "JPEG", exif=orientation(i, "<" if i % 2 else ">")) for i in range(1, 9)}
    return every | {
        "rgb.png": saved(colour, "PNG"),
        "rgba.png": saved(clear, "PNG"),
        "grey.png": saved(grey, "PNG"),
        "grey-alpha.png": saved(clear.convert("LA"), "PNG"),
        "palette.png": saved(palette, "PNG"),
        "palette-4-bits.png": saved(clear_palette, "PNG"),
        "1-bit.png": saved(colour.convert("1"), "PNG"),
        "grey-2-bits.png": png(rgba[..., :1] >> 6, 2, 0),
        "grey-4-bits.png": png(rgba[..., :1] >> 4, 4, 0),
        "grey-16-bits.png": png(wide[..., :1], 16, 0),
        "grey-alpha-16-bits.png": png(wide[..., [0, 3]], 16, 4),
        "rgb-16-bits.png": png(wide[..., :3], 16, 2),
        "rgba-16-bits.png": png(wide, 16, 6),
        "interlaced.png": png(rgba[..., :3], 8, 2, interlaced=True),
        "turned.png": saved(colour, "PNG", exif=turned),
        "one-pixel.png": saved(Image.fromarray(rgba[20:21, 20:21, :3]), "PNG"),
        "444.jpg": saved(colour, "JPEG", quality=90, subsampling=0),
        "422.jpg": saved(colour, "JPEG", quality=80, subsampling=1),
        "420.jpg": saved(colour, "JPEG", quality=75, subsampling=2),
        "progressive.jpg": saved(colour, "JPEG", quality=60, progressive=True),
        "grey.jpg": saved(grey, "JPEG"),
        "turned.jpg": saved(colour, "JPEG", exif=turned),
        "photo-size.jpg": saved(Image.fromarray(scene(186, 186)[..., :3]), "JPEG", quality=30),
        "lossy.webp": saved(colour, "WEBP", quality=80),
        "lossless.webp": saved(colour, "WEBP", lossless=True),
        "alpha.webp": saved(clear, "WEBP", lossless=True, exact=True),
        "turned.webp": saved(colour, "WEBP", exif=turned),
        "exif-5-alpha.png": saved(clear, "PNG", exif=orientation(5, "<")),
        "exif-7-grey.png": saved(grey, "PNG", exif=orientation(7, "<")),
        "exif-8.webp": saved(colour, "WEBP", exif=orientation(8, "<")),
    }


def refused():
    colour = Image.fromarray(scene(WIDTH, HEIGHT)[..., :3])
    return {
        "cmyk.jpg": saved(colour.convert("CMYK"), "JPEG"),
        "animation.webp": saved(colour, "WEBP", save_all=True, append_images=[colour.rotate(180)]),
        "picture.gif": saved(colour.resize((8, 8)), "GIF"),
    }


def digest(array):
    return hashlib.sha256(np.ascontiguousarray(array, np.uint8).tobytes()).hexdigest()


def described(name, content):
    image = Image.open(io.BytesIO(content))
    if image.mode == "I;16":  # Pillow would clip at 255; the upper eight bits are taken instead, as it does for colours
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    grey, rgb = image.convert("L"), image.convert("RGB")
    upright = ImageOps.exif_transpose(image)
    return {
        "file": name,
        "width": image.width,
        "height": image.height,
        "orientation": image.getexif().get(0x112, 1),
        "uprightWidth": upright.width,
        "uprightHeight": upright.height,
        "uprightRgb": digest(upright.convert("RGB")),
        "grey": digest(grey),
        "rgb": digest(rgb),
        "rgba": digest(image.convert("RGBA")) if image.mode in ("RGBA", "RGB", "L") else None,
        "seenGrey": digest(grey.resize((28, 28), Image.NEAREST)),
        "seenRgb": digest(rgb.resize((28, 28), Image.NEAREST)),
    }


def sampled(size, to):
    """Which columns and rows Pillow takes: it resizes an image that holds its own column or row numbers."""
    columns = Image.fromarray(np.tile(np.arange(size[0], dtype=np.int32), (size[1], 1)))
    rows = Image.fromarray(np.tile(np.arange(size[1], dtype=np.int32)[:, None], (1, size[0])))
    x, y = (np.asarray(image.resize(to, Image.NEAREST)) for image in (columns, rows))
    assert (x == x[0]).all() and (y == y[:, :1]).all()
    return {"from": size, "to": to, "columns": x[0].tolist(), "rows": y[:, 0].tolist()}


def all_widths(most):
    """One digest over the columns taken for every pair of widths up to `most`."""
    sha = hashlib.sha256()
    for width in range(1, most + 1):
        line = Image.fromarray(np.arange(width, dtype=np.uint8)[None])
        for to in range(1, most + 1):
            sha.update(line.resize((to, 1), Image.NEAREST).tobytes())
    return {"most": most, "sha256": sha.hexdigest()}


def all_lumas():
    """One digest over the greys of all colours, red being the slowest to change."""
    sha = hashlib.sha256()
    green, blue = np.mgrid[0:256, 0:256]
    for red in range(256):
        sha.update(Image.fromarray(np.stack([np.full_like(green, red), green, blue], -1).astype(np.uint8)).convert("L").tobytes())
    return sha.hexdigest()


if __name__ == "__main__":
    (FOLDER / "images").mkdir(parents=True, exist_ok=True)
    files = samples()
    for name, content in (files | refused()).items():
        (FOLDER / "images" / name).write_bytes(content)
    versions = {"pillow": PIL.__version__, "libjpeg-turbo": features.version("libjpeg_turbo"), "libwebp": features.version("webp")}
    content = {
        "versions": versions,
        "images": [described(name, content) for name, content in files.items()],
        "allLumas": all_lumas(),
        "allWidths": all_widths(160),
        "sampled": [sampled(size, (28, 28)) for size in SIZES] + [sampled((28, 28), to) for to in ((1, 1), (3, 200), (200, 3), (186, 186))],
    }
    golden.write_fixture(FOLDER / "images.json", content)
