"""The straight lines that are drawn on a page of a PDF, and the sides of areas that are filled."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator

import pypdfium2
from pypdfium2 import raw

_DEEPEST = 5
"""Forms within forms are looked into so deep."""

Point = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float]
"""How the places of a form are those of its page (ISO 32000, 8.3.4)."""


def strokes(page: pypdfium2.PdfPage) -> Iterator[tuple[Point, Point]]:
    """Each line by its two ends, counted from the bottom left corner of the page."""
    for at in range(raw.FPDFPage_CountObjects(page)):
        yield from _of_object(raw.FPDFPage_GetObject(page, at), (1, 0, 0, 1, 0, 0), 0)


def _of_object(drawn: raw.FPDF_PAGEOBJECT, outer: Matrix, depth: int) -> Iterator[tuple[Point, Point]]:
    kind = raw.FPDFPageObj_GetType(drawn)
    if kind not in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_FORM):
        return
    own = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(drawn, own)
    matrix = _times((own.a, own.b, own.c, own.d, own.e, own.f), outer)
    if kind == raw.FPDF_PAGEOBJ_FORM:
        for at in range(raw.FPDFFormObj_CountObjects(drawn) if depth < _DEEPEST else 0):
            yield from _of_object(raw.FPDFFormObj_GetObject(drawn, at), matrix, depth + 1)
        return
    first = last = (0.0, 0.0)
    for at in range(raw.FPDFPath_CountSegments(drawn)):
        segment = raw.FPDFPath_GetPathSegment(drawn, at)
        x, y = ctypes.c_float(), ctypes.c_float()
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = _at(matrix, x.value, y.value)
        how = raw.FPDFPathSegment_GetType(segment)
        if how == raw.FPDF_SEGMENT_MOVETO:
            first = point
        elif how == raw.FPDF_SEGMENT_LINETO:
            yield last, point
        last = point
        if raw.FPDFPathSegment_GetClose(segment):
            yield last, first


def _times(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _at(matrix: Matrix, x: float, y: float) -> Point:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f
