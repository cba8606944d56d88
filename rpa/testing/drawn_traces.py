"""Signatures and stamps as they come onto forms, drawn by chance."""

import math
import random
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from rpa.domain.geometry import Box

WORDS: Final = (("REÇU LE", "12 NOV. 2026"), ("APPROUVÉ", "Service des permis"),
                ("COPIE", "CONFORME"), ("VILLE DE LÉVIS", "2026-11-24", "Greffe"))  # fmt: skip


def draw_signature(
    page: Image.Image, box: Box, r: random.Random, *, width: int, initials: bool = False
) -> None:
    """Draw loops and a flourish into a box (pixels), some of it beyond its edges."""
    high = min(box.height, 130) * r.uniform(0.7, 1.2)
    long = min(box.width * 0.8, high * (r.uniform(0.8, 1.4) if initials else r.uniform(2.5, 5)))
    x0 = box.x0 + r.uniform(0.05, 0.15) * (box.width - long)
    y0 = (box.y0 + box.y1) / 2
    turns = max(2, round(long / high * r.uniform(1.6, 2.6)))
    points, phase = [], r.uniform(0, 6)
    swing = [r.uniform(0.2, 0.5) for _turn in range(turns + 2)]
    for step in range(turns * 24):
        t = step / (turns * 24)
        part = t * turns
        size = swing[int(part)] * (1 - part % 1) + swing[int(part) + 1] * (part % 1)
        angle = part * 2 * math.pi + phase
        x = x0 + t * long + 0.3 * high * size * math.sin(angle)
        points.append((x, y0 + high * size * math.cos(angle) - 0.1 * high * t))
    draw = ImageDraw.Draw(page)
    draw.line(points, fill=0, width=width, joint="curve")
    if not initials and r.random() < 0.6:
        y = y0 + high * r.uniform(0.25, 0.45)
        draw.line((x0, y, x0 + long * r.uniform(0.8, 1.1), y - high * 0.15), fill=0, width=width)


def draw_stamp(page: Image.Image, middle: tuple[float, float], r: random.Random, shape: str) -> Box:
    """Draw a stamp around a place (pixels): ``round``, ``boxed`` or ``bare``; returns where."""
    side = 420
    tile = Image.new("L", (side, side), 0)
    draw = ImageDraw.Draw(tile)
    lines = r.choice(WORDS)
    font = ImageFont.truetype("LiberationSans-Bold.ttf", r.randrange(30, 40))
    long = max(font.getlength(line) for line in lines)
    high = len(lines) * font.size * 1.25
    center = side / 2
    if shape == "round":
        radius = math.hypot(long, high) / 2 + 14
        for inset in (0, 9):
            edge = radius - inset
            draw.ellipse((center - edge, center - edge, center + edge, center + edge), outline=255,
                         width=r.randrange(3, 6))  # fmt: skip
    elif shape == "boxed":
        half = (long / 2 + 14, high / 2 + 8)
        place = (center - half[0], center - half[1], center + half[0], center + half[1])
        draw.rectangle(place, outline=255, width=r.randrange(4, 8))
    for number, line in enumerate(lines):
        y = center + (number - (len(lines) - 1) / 2) * font.size * 1.25
        draw.text((center, y), line, fill=255, font=font, anchor="mm")
    tile = tile.rotate(r.choice((-1, 1)) * r.uniform(5, 20), Image.Resampling.BICUBIC)
    worn = np.array(tile, dtype=np.float32)
    holes = np.random.default_rng(r.randrange(10**6)).random(worn.shape)
    worn[holes < 0.12] = 0
    tile = Image.fromarray(worn.astype(np.uint8))
    at = (round(middle[0] - center), round(middle[1] - center))
    page.paste(0, at, tile)
    inked = tile.point(lambda value: 255 * (value > 90)).getbbox() or (0, 0, side, side)
    x0, y0, x1, y1 = inked
    return Box(x0=at[0] + x0, y0=at[1] + y0, x1=at[0] + x1, y1=at[1] + y1)


def draw_specks(page: Image.Image, box: Box, r: random.Random) -> None:
    """Leave a few specks of dirt in a box."""
    draw = ImageDraw.Draw(page)
    for _speck in range(r.randrange(1, 6)):
        x, y, radius = r.uniform(box.x0, box.x1), r.uniform(box.y0, box.y1), r.uniform(0.8, 2.5)
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=0)
